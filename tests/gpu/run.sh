#!/usr/bin/env bash
# On a machine with a GPU, where there is neither .NET nor a network: the kernels' tests, the golden suite, the bench beside the PyTorch
# that is installed there, the real TorchSharp on that PyTorch's libraries, and all chapters. Takes at most 8 minutes: each part has its
# share, is stopped when that is over, and leaves its whole output in OUT. Ends with a table and the numbers of parts.
#
#   tests/gpu/run.sh [--device cuda|opencl] [--sample] [--seconds N] [ARCHIVE] [OUT]
#     --device   cuda unless named
#     --sample   where no GPU is behind the device (PoCL): a part of the golden suite, two chapters, a short bench
#     --seconds  for all of it; 470 unless named
#     ARCHIVE    made by tests/gpu/pack.sh; artifacts/gpu/course-gpu.tar.xz unless named
#     OUT        artifacts/gpu/run unless named
# PYTHON names the Python with PyTorch (python3), COURSE_LIBTORCH a folder of libtorch in the place of PyTorch's. Exit code: 0 when no
# part failed.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
device=cuda
sample=
seconds=470
while [[ ${1:-} == --* ]]; do
    case $1 in
        --device) device=${2:-} && shift ;;
        --sample) sample=yes ;;
        --seconds) seconds=${2:-} && shift ;;
        *) device= ;;
    esac
    shift
done
[[ ($device == cuda || $device == opencl) && $seconds =~ ^[0-9]+$ ]] || { sed -n '6,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
archive=${1:-$here/../../artifacts/gpu/course-gpu.tar.xz}
out=${2:-${OUT:-$here/../../artifacts/gpu/run}}
[ -e "$archive" ] || { echo "run.sh: $archive is missing: make it with tests/gpu/pack.sh" >&2; exit 2; }
started=$SECONDS
end=$((started + seconds))
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$out"
out=$(cd "$out" && pwd)
python=$(command -v "${PYTHON:-python3}")

unpack() {
    if command -v xz >/dev/null; then
        xz -dc "$1"
    elif [ -n "$python" ]; then
        "$python" -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), sys.stdout.buffer)' "$1"
    else
        echo "run.sh: neither xz nor Python is here" >&2
        return 1
    fi
}
unpack "$archive" | tar -xf - -C "$root" || { echo "run.sh: $archive cannot be unpacked" >&2; exit 2; }
echo "== unpacked after $((SECONDS - started)) s"

export DOTNET_ROOT=$root/dotnet PATH=$root/dotnet:$PATH DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
export COURSE_DATA=$root/course/data-sets COURSE_DOWNLOAD=never COURSE_GPU=$device
cd "$root/course" || exit 2
table=
passed=0
failed=0

row() {
    table+=$(printf '%-12s %-46s %6s' "$1" "$2" "$3")$'\n'
    echo "== $1: $2, $3 min"
}

# part NAME SECONDS COMMAND…: its output goes to a file; its last lines and how it ended are shown. ending holds its exit code.
part() {
    local name=$1 limit=$2 start=$SECONDS left=$((end - SECONDS)) how
    shift 2
    [ "$limit" -le "$left" ] || limit=$left
    if [ "$limit" -le 5 ]; then
        ending=124
        row "$name" "failed: no time was left" 0.0
        failed=$((failed + 1))
        return
    fi
    timeout -s INT -k 10 "$limit" "$@" >"$out/$name.txt" 2>&1
    ending=$?
    tail -n 25 "$out/$name.txt"
    case $ending in
        0) how=passed ;;
        124 | 137) how="failed: stopped, its $limit s were over" ;;
        *) how="failed: ended with $ending" ;;
    esac
    row "$name" "$how" "$(minutes $((SECONDS - start)))"
    if [ $ending = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

minutes() {
    echo "$(($1 / 60)).$(($1 % 60 / 6))"
}

tests=artifacts/managed/bin/TorchSharp.Managed.Tests/debug/TorchSharp.Managed.Tests.dll
course=artifacts/managed/bin/Course.Cli/debug/Course.Cli.dll
nvidia-smi 2>/dev/null | head -n 15
peer=()
if [ -z "$python" ]; then
    echo "== no Python here, so no PyTorch to compare with"
elif ! "$python" -c 'import torch' 2>/dev/null; then
    echo "== $python has no PyTorch to compare with"
elif [ "$device" = cuda ] && "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
    peer=(--peer pytorch)
    export PYTHON=$python
else
    echo "== PyTorch of $python computes on no such device: nothing to compare with"
fi

# bench NAME SECONDS KIND ARGUMENT…
bench() {
    local name=$1 limit=$2
    shift 2
    part "$name" "$limit" dotnet "$course" bench "$@" --device "$device" ${peer[@]+"${peer[@]}"} --record "$out/$name.json"
}

chapters=()
if [ -n "$sample" ]; then
    export COURSE_GPU_EVERY=40
    chapters=(notebooks/00-tensors.ipynb notebooks/03-linear-regression.ipynb)
fi
# What compiles for CUDA needs no device, and is tested elsewhere.
part kernels 120 dotnet "$tests" -noColor -namespace TorchSharp.Managed.Tests.Gpu -class- TorchSharp.Managed.Tests.Gpu.PtxTests
part golden 100 dotnet "$tests" -noColor -class TorchSharp.Managed.Tests.Devices.DeviceGoldenTests
if [ -n "$sample" ]; then
    bench bench-infer 60 infer
    bench bench-train 60 train --images 640 --epochs 1
else
    bench bench-infer 20 infer
    bench bench-train 25 train
    bench bench-1024 20 train --batch 1024
    bench bench-gemm 35 gemm
    bench bench-blocks 35 blocks
fi

# An attempt: PyTorch's libraries are of another version than those for which TorchSharp was built, so it may fail, and says how.
libraries=${COURSE_LIBTORCH:-}
[ -n "$libraries" ] || libraries=$("${python:-false}" -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))' 2>/dev/null)
if [ ! -e real/TorchSharp.dll ]; then
    row real "not tried: the archive was packed without it" 0.0
elif [ -z "$libraries" ]; then
    row real "not tried: no PyTorch, whose libraries it needs" 0.0
else
    part real 30 env LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" dotnet "$course" run tests/gpu/real.ipynb --keep-going --out "$out/real"
    grep -rhoE '(libtorch [0-9]|a product on )[^"\\]*' "$out/real" --include='*.ipynb' | sort -u
fi
part chapters 300 dotnet "$course" run ${chapters[@]+"${chapters[@]}"} --device "$device" --jobs 4 --cell-timeout 280 --timeout 290 --out "$out/chapters"

printf '\n%-12s %-46s %6s\n%s' part result min "$table"
echo "all of it: $(minutes $((SECONDS - started))) min"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
