"""The programme: its sessions, when they open, and by which rule they are cancelled."""
