#!/usr/bin/env bash
# On a machine with a GPU, where there is neither .NET nor a network: the golden suite, the bench beside the PyTorch that is installed
# there, all chapters, the kernels' tests, and the real TorchSharp on that PyTorch's libraries. Takes at most 8 minutes: each part has its
# share, is stopped when that is over, and leaves its whole output in OUT. Ends with a table and what passed and failed of all of it.
#
#   tests/gpu/run.sh [--device cuda|opencl] [--sample] [--seconds N] [--only PART,PART] [ARCHIVE] [OUT]
#     --device   cuda unless named
#     --sample   where no GPU is behind the device (PoCL): a part of the tests, two chapters, a short bench
#     --seconds  for all of it; 470 unless named
#     --only     parts by the names in the table
#     ARCHIVE    made by tests/gpu/pack.sh; artifacts/gpu/course-gpu.tar.xz unless named
#     OUT        artifacts/gpu/run unless named
# PYTHON names the Python with PyTorch (python3), COURSE_LIBTORCH a folder of libtorch in the place of PyTorch's. Exit code: 0 when no
# part failed, 1 when one did, 2 when nothing was run: wrong use, no archive, no such device.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
device=cuda
sample=
seconds=470
only=
while [[ ${1:-} == --* ]]; do
    case $1 in
        --device) device=${2:-} && shift ;;
        --sample) sample=yes ;;
        --seconds) seconds=${2:-} && shift ;;
        --only) only=${2:-} && shift ;;
        *) device= ;;
    esac
    shift
done
[[ ($device == cuda || $device == opencl) && $seconds =~ ^[0-9]+$ ]] || { sed -n '6,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
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
course=artifacts/managed/bin/Course.Cli/debug/Course.Cli.dll
tests=artifacts/managed/bin/TorchSharp.Managed.Tests/debug/TorchSharp.Managed.Tests.dll
where=$(dotnet "$course" devices "$device" 2>&1) || { echo "run.sh: ${where#course: }" >&2; exit 2; }
echo "== $where"

# What each part may take, in seconds; one that is stopped has 10 more to end in. The chapters have what the others leave: on a GPU the
# shares are 310 of the 470, so 160 less what unpacking takes, if every part before them needs its whole share.
declare -A share=([golden]=100 [bench-train]=25 [bench-1024]=20 [bench-infer]=20 [bench-gemm]=45 [bench-blocks]=35 [kernels]=45 [real]=20)
chapters=()
kernels=(-namespace TorchSharp.Managed.Tests.Gpu -class- TorchSharp.Managed.Tests.Gpu.PtxTests -class- TorchSharp.Managed.Tests.Gpu.CudaMathTests)
epoch=()
if [ -n "$sample" ]; then
    share=([golden]=100 [bench-train]=50 [bench-infer]=40 [kernels]=60 [real]=20)
    chapters=(notebooks/00-tensors.ipynb notebooks/03-linear-regression.ipynb)
    kernels=(-class TorchSharp.Managed.Tests.Gpu.ProductTests -class TorchSharp.Managed.Tests.Gpu.DeviceMemoryTests -class TorchSharp.Managed.Tests.Gpu.DriverTests)
    epoch=(--images 640)
    export COURSE_GPU_EVERY=40
fi

wanted() {
    [ -z "$only" ] || [[ ,$only, == *,$1,* ]]
}
for name in ${only//,/ }; do
    [[ $name == chapters || -n ${share[$name]:-} ]] || { echo "run.sh: --only $name: the parts are ${!share[*]} chapters" >&2; exit 2; }
done
for name in "${!share[@]}"; do
    wanted "$name" || share[$name]=0
done

table=
passed=0
failed=0
minutes() {
    echo "$(($1 / 60)).$(($1 % 60 / 6))"
}
# row NAME RESULT PASSED FAILED SECONDS
row() {
    table+=$(printf '%-12s %-46s %7s %7s %6s' "$1" "$2" "$3" "$4" "$(minutes "$5")")$'\n'
    passed=$((passed + $3))
    failed=$((failed + $4))
    echo "== $1: $2, $3 passed, $4 failed, $5 s"
}

# counted NAME: what its tests (xUnit's last line) or cells (course run's report) came to, as "passed failed"; nothing where it counts none.
counted() {
    if [ -e "$out/$1/report.json" ]; then
        sed -nE 's/^  "(passed|failed)": ([0-9]+),?$/\1 \2/p' "$out/$1/report.json" | awk '{n[$1] = $2} END {print n["passed"] + 0, n["failed"] + 0}'
    else
        sed -nE 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+),.*/\1 \2 \3 \4 \5/p' "$out/$1.txt" |
            awk '{print $1 - $3 - $4 - $5, $2 + $3}' | tail -n 1
    fi
}

# part NAME SECONDS COMMAND…: its output goes to a file; its last lines and how it ended are shown.
part() {
    local name=$1 limit=$2 start=$SECONDS left=$((end - SECONDS)) how ending counts
    shift 2
    [ "$limit" -le "$left" ] || limit=$left
    if [ "$limit" -le 5 ]; then
        row "$name" "failed: no time was left" 0 1 0
        return
    fi
    rm -rf "${out:?}/$name" "$out/$name.json"
    timeout -s INT -k 10 "$limit" "$@" >"$out/$name.txt" 2>&1
    ending=$?
    tail -n 25 "$out/$name.txt"
    counts=$(counted "$name")
    # A bench counts as one.
    [ -n "$counts" ] || counts=$([ $ending = 0 ] && echo "1 0" || echo "0 1")
    case $ending in
        0) how=passed && [ "$counts" != "0 0" ] || how="failed: nothing was run" ;;
        124 | 137) how="failed: stopped, its $limit s were over" ;;
        *) how="failed: ended with $ending" ;;
    esac
    [[ $how == passed || ${counts#* } != 0 ]] || counts="${counts% *} 1"
    row "$name" "$how" $counts $((SECONDS - start))
}

# bench NAME ARGUMENT…: with fewer repetitions where they do not fit into its share.
bench() {
    local name=$1
    shift
    wanted "$name" && part "$name" "${share[$name]}" dotnet "$course" bench "$@" --seconds $((share[$name] - 10)) --device "$device" ${peer[@]+"${peer[@]}"} --record "$out/$name.json"
}

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

wanted golden && part golden "${share[golden]}" dotnet "$tests" -noColor -class TorchSharp.Managed.Tests.Devices.DeviceGoldenTests
bench bench-train train ${epoch[@]+"${epoch[@]}"}
bench bench-infer infer
if [ -z "$sample" ]; then
    bench bench-1024 train --batch 1024
    bench bench-gemm gemm
    bench bench-blocks blocks
fi

limit=$((end - SECONDS - share[kernels] - share[real]))
jobs=$(nproc)
wanted chapters && part chapters "$limit" dotnet "$course" run ${chapters[@]+"${chapters[@]}"} --device "$device" --jobs $((jobs < 8 ? jobs : 8)) --cell-timeout "$limit" --timeout "$limit" --out "$out/chapters"

# What compiles for CUDA needs no device, and is tested elsewhere.
wanted kernels && part kernels "${share[kernels]}" dotnet "$tests" -noColor "${kernels[@]}"

# An attempt: PyTorch's libraries are of another version than those for which TorchSharp was built, so it may fail, and says how.
libraries=${COURSE_LIBTORCH:-}
[ -n "$libraries" ] || libraries=$("${python:-false}" -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))' 2>/dev/null)
if ! wanted real; then
    :
elif [ ! -e real/TorchSharp.dll ]; then
    row real "not tried: the archive was packed without it" 0 0 0
elif [ -z "$libraries" ]; then
    row real "not tried: no PyTorch, whose libraries it needs" 0 0 0
else
    part real "${share[real]}" env LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" dotnet "$course" run tests/gpu/real.ipynb --keep-going --out "$out/real"
    table+=$(grep -rhoE '(libtorch [0-9]|a product on [a-z])[^"\\]*' "$out/real" --include='*.ipynb' | sort -u | sed 's/^/             /')$'\n'
fi

printf '\n%-12s %-46s %7s %7s %6s\n%s' part result passed failed min "$table"
echo "all of it: $(minutes $((SECONDS - started))) min"
echo "$passed passed, $failed failed"
[ $((passed + failed)) -gt 0 ] || exit 2
[ "$failed" = 0 ]
