#!/usr/bin/env bash
# try-in-chroot.sh PUBLISHED MODEL: what the container does, without an image. The published folder (dotnet publish lib/Course.Cli
# --output PUBLISHED) runs in a root of its own that is read-only, as user 1654, with this machine's .NET; it must become ready,
# answer a prediction, and be unable to write. Needs root, for mounts in a namespace of its own, which end with the script.
set -euo pipefail
[ $# = 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "needs root: it mounts" >&2; exit 2; }
published=$(realpath "$1") model=$(realpath "$2")
if [ "${COURSE_IN_NAMESPACE:-}" != 1 ]; then
    COURSE_IN_NAMESPACE=1 exec unshare --mount --mount-proc --pid --fork --kill-child -- "$0" "$published" "$model"
fi

root=$(mktemp -d)
mount -t tmpfs -o mode=755 tmpfs "$root"
mkdir -p "$root"/{app,models,usr,dev,proc}
readonly_bind() { mount --bind "$1" "$2"; mount -o remount,bind,ro "$2"; }
readonly_bind /usr "$root/usr"
for link in lib lib64 bin; do
    if [ -L "/$link" ]; then ln -s "usr/$link" "$root/$link"
    elif [ -d "/$link" ]; then mkdir "$root/$link"; readonly_bind "/$link" "$root/$link"; fi
done
readonly_bind "$published" "$root/app"
touch "$root/models/digits.csmodel"
readonly_bind "$model" "$root/models/digits.csmodel"
for device in null urandom; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
mount -t proc proc "$root/proc"
mount -o remount,ro "$root"

inside() { chroot --userspec=1654:1654 "$root" /usr/bin/env -i DOTNET_EnableDiagnostics=0 "$@"; }
for place in / /app /models; do
    if inside /usr/bin/touch "$place/written" 2>/dev/null; then echo "could write to $place" >&2; exit 1; fi
done

coproc service { inside "$(readlink -f "$(command -v dotnet)")" /app/Course.Cli.dll serve /models/digits.csmodel --port 0 --json; }
read -r -t 60 ready <&"${service[0]}"
url=$(sed -E 's/.*"url":"([^"]+)".*/\1/' <<<"$ready")
user=$(awk '/^Uid:/ {print $2}' "/proc/$(pgrep -f -n Course.Cli.dll)/status")
[ "$user" = 1654 ] || { echo "runs as user $user" >&2; exit 1; }
picture=$(printf '0,%.0s' {1..783})0
answer=$(curl --silent --show-error --fail --max-time 20 --noproxy '*' -H 'Content-Type: application/json' -d "{\"input\":[$picture]}" "${url%/}/v1/predict")
echo "as user $user on a read-only root: $answer"
