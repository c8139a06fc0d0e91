#!/usr/bin/env bash
# On a machine with a GPU, where there is neither .NET nor a network: the kernels' tests with their throughput, the same products and
# convolutions in the PyTorch that is installed there, the golden suite, the real TorchSharp on that PyTorch's libraries, and the
# chapters. Takes at most 8 minutes; each part has its own limit and says how it ended.
#
#   tests/gpu/run.sh [--device cuda|opencl] [ARCHIVE] [OUT]     exit code: 0 when every part passed
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
device=cuda
if [ "${1:-}" = --device ]; then
    device=$2
    shift 2
fi
archive=${1:-$here/../../artifacts/gpu/course-gpu.tar.xz}
out=${2:-${OUT:-$here/../../artifacts/gpu/run}}
[ -e "$archive" ] || { echo "run.sh: $archive is missing: make it with tests/gpu/pack.sh" >&2; exit 2; }
started=$SECONDS
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$out"
out=$(cd "$out" && pwd)
xz -dc "$archive" | tar -xf - -C "$root" || { echo "run.sh: $archive cannot be unpacked" >&2; exit 2; }

export DOTNET_ROOT=$root/dotnet PATH=$root/dotnet:$PATH DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
export COURSE_DATA=$root/course/data-sets COURSE_DOWNLOAD=never COURSE_GPU=$device COURSE_GPU_THROUGHPUT=1
cd "$root/course"
end=$((started + 475))
failed=0

# part NAME SECONDS COMMAND…: its output goes to a file; its last lines and how it ended are shown.
part() {
    local name=$1 limit=$2 start=$SECONDS code left=$((end - SECONDS))
    shift 2
    [ "$limit" -le "$left" ] || limit=$left
    if [ "$limit" -le 5 ]; then
        echo "== $name: no time left"
        failed=1
        return
    fi
    timeout -k 5 "$limit" "$@" >"$out/$name.txt" 2>&1
    code=$?
    tail -n 25 "$out/$name.txt"
    [ $code = 0 ] || failed=1
    echo "== $name: $([ $code = 0 ] && echo passed || echo "ended with $code") after $((SECONDS - start)) s"
}

tests=artifacts/managed/bin/TorchSharp.Managed.Tests/debug/TorchSharp.Managed.Tests.dll
course=artifacts/managed/bin/Course.Cli/debug/Course.Cli.dll
python=${PYTHON:-python3}
# Without a GPU a chapter takes minutes: the small ones, then.
chapters=(notebooks/00-tensors.ipynb notebooks/03-linear-regression.ipynb)
[ "$device" = opencl ] || chapters=()
nvidia-smi 2>/dev/null | head -n 15
part kernels 120 dotnet "$tests" -namespace TorchSharp.Managed.Tests.Gpu -showLiveOutput
if command -v "$python" >/dev/null; then
    part torch 60 "$python" "$here/peer.py"
else
    echo "== torch: no Python here, so no PyTorch to compare with"
fi
part golden 150 dotnet "$tests" -class TorchSharp.Managed.Tests.Devices.DeviceGoldenTests
# An attempt: PyTorch's libraries are of another version than those for which TorchSharp was built, so it may fail, and says how.
libraries=$("$python" -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))' 2>/dev/null)
if [ -n "$libraries" ]; then
    before=$failed
    part real 60 env LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" dotnet "$course" run tests/gpu/real.ipynb --keep-going --out "$out/real"
    failed=$before
else
    echo "== real: no PyTorch here, whose libraries the real TorchSharp could use"
fi
part chapters 300 dotnet "$course" run "${chapters[@]}" --device "$device" --jobs 4 --cell-timeout 280 --timeout 290 --out "$out/chapters"
echo "== all of it: $((SECONDS - started)) s"
exit $failed
