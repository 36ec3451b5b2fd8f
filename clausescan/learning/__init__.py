"""Fits label models with scikit-learn, builds those that are shipped, and measures them."""
