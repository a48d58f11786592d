"""The one composition root: everything is joined here and nowhere else."""
