"""Who bears a norm: subjects, what stands for them, and what only looks like one."""

import pytest
from test_norms import norms_of

ENGLISH = [
    # A party inside an aside or adverbial is passed over on the way to the subject.
    ("Supplier, upon notice from Distributor, shall deliver.", "Supplier"),
    ("Distributor, its designee or an Affiliate of Distributor shall pay.", "Distributor"),
    ("Distributor or its designee (for which Distributor is liable) shall pay.", "Distributor"),
    ("As requested by Supplier, Distributor shall report.", "Distributor"),
    # Coordinated subjects, but not two parties behind a preposition.
    ("Supplier and Distributor shall meet each year.", "both"),
    ("Contracts between Supplier and Distributor shall need a stamp.", "unknown"),
    # Roles that either party may come to hold.
    ("The inspected party shall bear the cost of the audit.", "both"),
    ("The Party preparing the minutes shall send them out.", "both"),
    ("The party so affected shall give notice.", "both"),
    # Verbs in a row share one subject.
    ("Distributor further represents, warrants and agrees to keep stock.", "Distributor"),
    ("Distributor is and shall remain bound by the price list.", "Distributor"),
    # A vow about a thing binds whoever makes it.
    ("Supplier warrants that the Products will run for a year.", "Supplier"),
    ("Supplier shall ensure that all materials shall be new.", "Supplier"),
    ("The parties agree that the records shall be kept for a year.", "both"),
    ("The Products shall run for a year.", "unknown"),
    # What is somebody's responsibility lies with him.
    ("All taxes on sales will be the sole responsibility of Distributor.", "Distributor"),
    ("All taxes on sales will be Distributor's responsibility.", "Distributor"),
    # A deed that is judged is its doer's.
    ("No waiver by any party of any right shall be effective.", "both"),
    ("Failure of Supplier to act shall not be construed as consent.", "Supplier"),
    # Only a modal has its subject behind it.
    ("In no event shall Supplier be liable.", "Supplier"),
    ("Old King Inc. hereby grants Distributor a licence.", "unknown"),
]


@pytest.mark.parametrize(("sentence", "bearer"), ENGLISH)
def test_english_bearers(sentence, bearer):
    assert norms_of(sentence)[-1][1] == bearer
