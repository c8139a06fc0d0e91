"""Executes a notebook in its own folder through a Jupyter kernel: execute.py NOTEBOOK COPY KERNEL. Cells behind a failed one run too."""
import os
import sys

import nbformat
from nbclient import NotebookClient

source, copy, kernel = sys.argv[1:]
notebook = nbformat.read(source, 4)
folder = os.path.dirname(os.path.abspath(source))
NotebookClient(notebook, timeout=300, kernel_name=kernel, allow_errors=True, resources={"metadata": {"path": folder}}).execute()
nbformat.write(notebook, copy)
