"""City passes: who gets one, what it is worth, and the vouchers that are paid to shops and clubs."""
