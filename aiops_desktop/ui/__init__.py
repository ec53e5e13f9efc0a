"""The window: how a person does it by point and click. Qt lives here and nowhere else."""
