"""Writers of honest model files, one module per library. Each has `write(folder: Folder)`."""
