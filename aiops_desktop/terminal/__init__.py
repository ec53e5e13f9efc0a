"""What is on the screen of a session: emulator, PTY, the bytes of keys and mouse."""
