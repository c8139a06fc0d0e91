#!/usr/bin/env bash
# Run once after the container is made (and by CI as it stands): build the course, register its kernel, check the tools.
set -euo pipefail
cd "$(dirname "$0")/.."

if command -v python3 >/dev/null && ! python3 -m jupyter --version >/dev/null 2>&1; then
    # Jupyter serves the notebooks in a browser; without it VS Code still runs them, so a failure here only warns.
    python3 -m pip install --quiet --user jupyterlab 2>/dev/null \
        || echo "post-create: Jupyter could not be installed with pip; VS Code and 'course run' work without it." >&2
fi

case ${Engine:-managed} in
torchsharp-cuda) echo "post-create: engine torchsharp-cuda; NuGet downloads about 3 GB (libtorch 2.10 with CUDA 12.8), once." ;;
torchsharp-cpu) echo "post-create: engine torchsharp-cpu; NuGet downloads 268 MB (libtorch 2.10 for three systems, 1.3 GB unpacked), once." ;;
esac
dotnet build Course.sln --nologo --verbosity quiet
dotnet run --no-build --project lib/Course.Cli -- kernel install --user --replace
echo "post-create: ready. Open notebooks/00-tensors.ipynb, or run: dotnet run --project lib/Course.Cli -- run"
