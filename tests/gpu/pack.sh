#!/usr/bin/env bash
# Makes the archive that tests/gpu/run.sh runs on a machine with a GPU and nothing else: the .NET runtime of this machine, the built
# course, its tests, its notebooks and MNIST. Build first (dotnet build Course.sln).
#
#   tests/gpu/pack.sh [ARCHIVE]     default artifacts/gpu/course-gpu.tar.xz; fails when it is larger than 55 MB
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
archive=${1:-$repository/artifacts/gpu/course-gpu.tar.xz}
limit=$((55 * 1000 * 1000))
cd "$repository"

need() {
    [ -e "$1" ] || { echo "pack.sh: $1 is missing: $2" >&2; exit 1; }
}
need artifacts/managed/bin/Course.Cli/debug/Course.Cli.dll "dotnet build Course.sln"
need artifacts/managed/bin/TorchSharp.Managed.Tests/debug/TorchSharp.Managed.Tests.dll "dotnet build Course.sln"
need artifacts/lib-managed/TorchSharp.dll "dotnet build Course.sln"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$stage/dotnet" "$(dirname "$archive")"

# The shared runtimes that this machine runs the course with, and their host.
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
version=$(dotnet --list-runtimes | awk '$1=="Microsoft.NETCore.App" && $2 ~ /^10\./ {v=$2} END {print v}')
cp "$dotnet/dotnet" "$stage/dotnet/"
for part in host/fxr shared/Microsoft.NETCore.App shared/Microsoft.AspNetCore.App; do
    mkdir -p "$stage/dotnet/$part"
    cp -r "$dotnet/$part/$version" "$stage/dotnet/$part/"
done

# What of the tree is read while the course runs, in its own places. Native libraries of other systems, symbols and documentation stay.
tree=$stage/course
mkdir -p "$tree"
tar -cf - --exclude='*.pdb' --exclude='TorchSharp.Managed.Tests.xml' --exclude='runtimes/win*' --exclude='runtimes/osx*' --exclude='runtimes/linux-arm*' \
    --exclude='runtimes/linux-musl*' --exclude='runtimes/linux-x86' --exclude='runtimes/linux-s390x' --exclude='runtimes/linux-ppc64le' --exclude='runtimes/linux-riscv64' \
    --exclude='runtimes/browser*' --exclude='runtimes/maccatalyst*' --exclude='.playwright' \
    Course.sln notebooks data tests/TorchSharp.Managed/Differences.md tests/golden/data tests/golden/random tests/gpu artifacts/lib-managed artifacts/managed/bin/Course.Cli/debug \
    artifacts/managed/bin/TorchSharp.Managed.Tests/debug | tar -xf - -C "$tree"

# The real TorchSharp and its native part, without libtorch: run.sh tries it on the libraries of a PyTorch that it finds.
package=${NUGET_PACKAGES:-$HOME/.nuget/packages}/torchsharp/$(sed -nE 's/.*"TorchSharp" Version="([^"]+)".*/\1/p' Directory.Packages.props)
if [ -e "$package/lib/net8.0/TorchSharp.dll" ]; then
    mkdir -p "$tree/real"
    cp "$package/lib/net8.0/TorchSharp.dll" "$package/runtimes/linux-x64/native/libLibTorchSharp.so" "$tree/real/"
else
    echo "pack.sh: the package TorchSharp is not in NuGet's cache; the archive goes without it" >&2
fi

mnist=
for folder in ${COURSE_DATA//:/ } data ../shared/data; do
    [ -e "$folder/mnist/train-images-idx3-ubyte.gz" ] && mnist=$folder/mnist && break
done
[ -n "$mnist" ] || { echo "pack.sh: MNIST is missing: course data get mnist, or COURSE_DATA=FOLDER" >&2; exit 1; }
mkdir -p "$tree/data-sets/mnist"
cp "$mnist"/*.gz "$tree/data-sets/mnist/"
chmod -R u+w "$stage"

tar -cf - -C "$stage" dotnet course | xz -9e -T0 >"$archive.partial"
mv "$archive.partial" "$archive"
size=$(stat -c %s "$archive")
echo "$archive: $((size / 1000000)).$((size / 100000 % 10)) MB"
[ "$size" -le "$limit" ] || { echo "pack.sh: larger than 55 MB" >&2; exit 1; }
