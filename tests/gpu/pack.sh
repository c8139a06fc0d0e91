#!/usr/bin/env bash
# Makes the archive that tests/gpu/run.sh runs on a machine with a GPU and nothing else: the .NET runtime of this machine, the built
# course, its tests, its notebooks and MNIST. Build first (dotnet build Course.sln). Takes some minutes: xz at its strongest.
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

# The shared runtimes that this machine runs the course with, and their host; not what only debuggers, profilers and other collectors load.
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
version=$(dotnet --list-runtimes | awk '$1=="Microsoft.NETCore.App" && $2 ~ /^10\./ {v=$2} END {print v}')
cp "$dotnet/dotnet" "$stage/dotnet/"
for part in host/fxr shared/Microsoft.NETCore.App shared/Microsoft.AspNetCore.App; do
    mkdir -p "$stage/dotnet/$part"
    cp -r "$dotnet/$part/$version" "$stage/dotnet/$part/"
done
(cd "$stage/dotnet/shared/Microsoft.NETCore.App/$version" && rm -f libclrgc.so libclrgcexp.so libmscordaccore.so libmscordbi.so libcoreclrtraceptprovider.so createdump)

# What of the tree is read while the course runs, in its own places; not native libraries of other systems, symbols and documentation.
tree=$stage/course
mkdir -p "$tree"
tar -cf - --exclude='*.pdb' --exclude='*.xml' --exclude='runtimes/win*' --exclude='runtimes/osx*' --exclude='runtimes/linux-[amprs]*' --exclude='runtimes/linux-x86' \
    --exclude='runtimes/browser*' --exclude='runtimes/maccatalyst*' --exclude='.playwright' --exclude='data/figures' \
    Course.sln notebooks data tests/TorchSharp.Managed/Differences.md tests/golden/data tests/golden/random tests/gpu tests/peers artifacts/lib-managed \
    artifacts/managed/bin/Course.Cli/debug artifacts/managed/bin/TorchSharp.Managed.Tests/debug | tar -xf - -C "$tree"
# The tests are a program of their own: what hosts them elsewhere stays, and with it the list that names it.
(cd "$tree/artifacts/managed/bin/TorchSharp.Managed.Tests/debug" && rm -rf Microsoft.TestPlatform.* Microsoft.VisualStudio.* xunit.runner.visualstudio.* testhost.* ./*.deps.json [a-z][a-z] [a-z][a-z]-*)

# The real TorchSharp and its native part, without libtorch: run.sh tries it on the libraries of a PyTorch that it finds.
package=${NUGET_PACKAGES:-$HOME/.nuget/packages}/torchsharp/$(sed -nE 's/.*"TorchSharp" Version="([^"]+)".*/\1/p' Directory.Packages.props)
if [ -e "$package/lib/net8.0/TorchSharp.dll" ]; then
    mkdir -p "$tree/real"
    cp "$package/lib/net8.0/TorchSharp.dll" "$package/runtimes/linux-x64/native/libLibTorchSharp.so" "$tree/real/"
else
    echo "pack.sh: the package TorchSharp is not in NuGet's cache; the archive goes without it" >&2
fi

mnist= folders=${COURSE_DATA:-}
for folder in ${folders//:/ } data ../shared/data; do
    [ -e "$folder/mnist/train-images-idx3-ubyte.gz" ] && mnist=$folder/mnist && break
done
mkdir -p "$tree/data-sets/mnist"
if [ -n "$mnist" ]; then
    # Unpacked: xz makes less of them than gzip does.
    for file in "$mnist"/*.gz; do
        gzip -dc "$file" >"$tree/data-sets/mnist/$(basename "$file" .gz)"
    done
else
    echo "pack.sh: MNIST is not here (course data get mnist, or COURSE_DATA=FOLDER); the archive goes without it, and generated digits stand in" >&2
fi
chmod -R u+w "$stage"

# Files of one kind and one name lie beside one another, so that what is there twice costs nothing.
(cd "$stage" && find dotnet course -type f | awk -F/ '{n = split($NF, dots, "."); print dots[n] "\t" $NF "\t" $0}' | LC_ALL=C sort | cut -f3 |
    tar -cf - --no-recursion --owner=0 --group=0 -T -) | xz -9e >"$archive.partial"
mv "$archive.partial" "$archive"
size=$(stat -c %s "$archive")
echo "$archive: $((size / 1000000)).$((size / 100000 % 10)) MB"
[ "$size" -le "$limit" ] || { echo "pack.sh: larger than 55 MB" >&2; exit 1; }
