#!/bin/bash
# window.sh ORRERY SCENARIOS [SECONDS] - the viewer in a real window, driven by keys and mouse; with SECONDS, so
# long in one go: memory and file handles must stay as they are.
set -u
orrery=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
soak=${3:-0}
for tool in Xvfb xdotool import compare; do
    command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
work=$(mktemp -d)
cd "$work" || exit 1
export XDG_STATE_HOME=$work/state XDG_RUNTIME_DIR=$work SDL_AUDIODRIVER=dummy
mkfifo display # -noreset: else the server begins anew after its last client, and refuses who comes just then
Xvfb -noreset -displayfd 3 -screen 0 1000x700x24 3>display 2>/dev/null &
server=$!
read -r number <display
export DISPLAY=:$number
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT

# xdotool and import hang now and then, when a window goes away under their eyes
xdo() { timeout -k 1 5 xdotool "$@"; }
shoot() { timeout -k 1 10 import -window "$window" "$1"; }
# gone: the viewer has ended, or is ended; its exit code
gone() {
    for _ in $(seq 200); do kill -0 $pid 2>/dev/null || break; sleep 0.05; done
    kill -0 $pid 2>/dev/null && { say "it does not end"; kill -9 $pid; }
    wait $pid
}

failed=0
say() { echo "$*"; failed=1; }

# open ARGUMENTS...: start the viewer, wait for its window; sets pid, window
open() {
    "$orrery" "$@" >out 2>err &
    pid=$!
    for _ in $(seq 200); do
        window=$(xdo search --onlyvisible --name Orrery 2>/dev/null | head -1)
        [ -n "$window" ] && { sleep 0.5; return; }
        kill -0 $pid 2>/dev/null || break
        sleep 0.05
    done
    say "no window for: $*: $(cat err)"
}
keys() { for k; do xdo key --window "$window" "$k"; sleep 0.15; done; }
# leave: Q ends it well
leave() {
    keys q
    kill -0 $pid 2>/dev/null && sleep 0.3
    kill -0 $pid 2>/dev/null && keys q # the first one may have been lost
    gone || say "exit code $? at: $*: $(cat err)"
}
wait_for() { for _ in $(seq 100); do [ -s "$1" ] && return; sleep 0.05; done; say "no $1"; }

if [ "$soak" -gt 0 ]; then
    open view solar-system --size 800x500
    keys backslash; sleep 5
    measure() { awk '/VmRSS/ {print $2}' /proc/$pid/status; ls /proc/$pid/fd | wc -l; }
    before=($(measure))
    end=$((SECONDS + soak))
    while [ $SECONDS -lt $end ]; do
        keys Tab f c t o g l p n d 1 7 0 x x BackSpace Home
        xdo mousemove --window "$window" $((RANDOM % 800)) $((RANDOM % 500)) click 1 click 4 click 5
    done
    keys BackSpace; sleep 3
    after=($(measure))
    echo "memory ${before[0]} -> ${after[0]} kB, handles ${before[1]} -> ${after[1]} in $soak s"
    [ $((after[0] - before[0])) -lt 20000 ] || say "memory grows"
    [ "${before[1]}" = "${after[1]}" ] || say "handles leak"
    leave soak
    exit $failed
fi

# the picture is the same in a window, in a screenshot, and without a window
plain=(--size 640x360 --hide writing,trails)
open view kepler --paused "${plain[@]}"
keys s
wait_for kepler-0001.png
shoot shown.png
keys s
wait_for kepler-0002.png # the first one is not overwritten
leave plain
"$orrery" view kepler --picture alone.png "${plain[@]}" --scale 1 -q || say "no picture"
cmp alone.png kepler-0001.png || say "a screenshot is not what --picture makes"
[ "$(compare -metric AE shown.png kepler-0001.png null: 2>&1)" = 0 ] || say "the window shows something else"
rmse=$(compare -metric RMSE alone.png "$here/kepler.png" null: 2>&1 | sed 's/.*(\(.*\))/\1/')
awk -v r="$rmse" 'BEGIN {exit !(r < 0.02)}' || say "the picture is not the stored one: $rmse"

# by OpenGL the same but for rounding (Mesa draws it here; where there is no OpenGL a sentence says so)
for s in solar-system asteroid-belt plummer-1k; do
    open view $s --paused --size 640x360 --hide writing --show plane --renderer opengl
    [ -n "$window" ] || { grep -q 'OpenGL' err && failed=0 && break; }
    keys s
    wait_for $s-0001.png
    shoot shown.png
    leave opengl
    rmse=$(compare -metric RMSE shown.png $s-0001.png null: 2>&1 | sed 's/.*(\(.*\))/\1/')
    awk -v r="$rmse" 'BEGIN {exit !(r < 0.006)}' || say "OpenGL draws something else: $s $rmse"
    rm -f $s-0001.png
done

# work in it: select, follow, change the method, help, every toggle, resize, down to nothing
open view solar-system --size 800x500
xdo mousemove --window "$window" 400 250 click 1
keys f 1 2 0 h h t o l g p d n i i e c c c c x
xdo mousemove --window "$window" 200 100 mousedown 1 mousemove_relative 60 30 mouseup 1 click 4 click 5
sleep 0.3
keys x bracketleft bracketright braceleft period space backslash comma v Tab Home s
wait_for solar-system-0001.png
for size in "300 200" "1 1" "900 600"; do
    # shellcheck disable=SC2086
    xdo windowsize "$window" $size
    sleep 0.3
done
keys s
wait_for solar-system-0002.png
leave work
grep -q 'paper 1' state/orrery/viewer || say "the theme was not remembered"
rm -rf state

# what one call says is not remembered
open view kepler --size 320x200 --theme paper --hide trails
leave one-call
grep -q 'paper 1' state/orrery/viewer && say "--theme of one call is remembered"
grep -q 'width 320' state/orrery/viewer && say "--size of one call is remembered"
rm -rf state

# a picture that does not change is not drawn
open view solar-system --size 800x500 --paused
sleep 1
cpu() { awk '{print $14 + $15}' /proc/$pid/stat; }
before=$(cpu); sleep 3; after=$(cpu)
[ $((after - before)) -le 15 ] || say "paused it takes $((after - before)) hundredths of a second in three seconds"
leave paused

# a film; it keeps its size whatever the window does, and it is whole
if command -v ffprobe >/dev/null; then
    open view figure-eight --size 320x200
    keys r; sleep 1
    xdo windowsize "$window" 330 210; sleep 1
    keys r
    wait_for figure-eight-0001.mp4
    keys r; sleep 1; keys r
    wait_for figure-eight-0002.mp4
    leave film
    for f in figure-eight-000[12].mp4; do ffprobe -v error "$f" || say "$f is broken"; done
    ffprobe -v error -show_entries stream=width -of csv=p=0 figure-eight-0001.mp4 | grep -q 320 || say "the film changed its size"
fi

# a file, also while it is written; a run that is watched has the bits of one that is not
"$orrery" run solar-system --until '300 yr' -q -o a.h5
open run solar-system --until '300 yr' -f -q -o b.h5 --view
keys space Tab f
leave watched
"$orrery" diff a.h5 b.h5 >/dev/null || say "watching changes bits"
for end in windowkill windowclose; do # another program destroys the window, or its display goes away
    open run solar-system --until '300 yr' -f -q -o b.h5 --view
    xdo $end "$window"
    gone || say "exit code $? after $end"
    "$orrery" diff a.h5 b.h5 >/dev/null || say "$end changes bits"
done
open run kepler --until '1 yr' -f -q -o c.h5 --view # over at once: then signals are for the window
sleep 1
kill -TERM $pid
gone || say "exit code $? after SIGTERM to a run that is over"
open view a.h5 --size 640x400
xdo mousemove --window "$window" 400 370 click 1
keys comma period v bracketright Tab s
leave replay

# signals end it
open view kepler --size 320x200
kill -TERM $pid
gone || say "exit code $? after SIGTERM"

# what cannot be has a sentence, and never a crash
DISPLAY='' "$orrery" view kepler 2>err && say "a window without a display"
grep -q 'no display' err || say "no word of the display: $(cat err)"
head -c 3000 a.h5 >cut.h5
for bad in "cut.h5" "/etc/passwd" "no-such.h5" "kepler --size 0x10" "kepler --follow Vulcan --picture x.png" \
    "kepler --picture x.png --at '1e9 yr'" "kepler --picture /no/such/x.png" "kepler --split leapfrgo" \
    "kepler --renderer vulkan" "kepler --show stars" "kepler --camera 1" "kepler --frames f --seconds 0" \
    "kepler --frames f --movie g.mp4" "a.h5 --split rk4" "kepler --rate 0" "kepler --font /etc/passwd" \
    "kepler --picture x.png --size 20000x10" "kepler --frame galactic"; do
    eval "timeout 20 '$orrery' view $bad" >out 2>err
    code=$?
    { [ $code -ge 1 ] && [ $code -le 4 ]; } || say "view $bad: exit code $code"
    grep -q 'error' err || say "view $bad: no error is shown: $(cat err)"
done
"$orrery" view kepler --picture alone.png 2>err && say "a picture was replaced without --force"
grep -q force err || say "no word of --force"
"$orrery" view kepler --picture alone.png -q -f || say "--force does not replace"
(ulimit -f 20; "$orrery" view kepler --picture big.png --size 3000x2000 2>err) && say "a full disk was not noticed"
grep -q 'big.png' err || say "no word of the full disk: $(cat err)"
(ulimit -f 20; "$orrery" view kepler --frames full --seconds 1 --size 2000x1500 2>err) && say "a full disk was not noticed"
[ -e big.png ] && say "half a picture was left"
[ -e x.png ] && say "an error left a picture"
[ $failed = 0 ] && echo "the viewer works in a window"
exit $failed
