"""What comes out: run folder, score, figures, report, export."""
