/* cmd_view.c - `orrery view`: watch a scenario run, or a file again; with or without a window. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/progress.h"
#include "viewer/screen/frames.h"
#include "viewer/screen/window.h"

/* ---- opening ---- */

/* Is this an HDF5 file?  A name that ends like one is taken to be. */
static bool is_output(const char *path)
{
    char start[8] = {0};
    FILE *in = fopen(path, "rb");
    bool signature =
        in && fread(start, 1, 8, in) == 8 && memcmp(start, "\x89HDF\r\n\x1a\n", 8) == 0;
    if (in)
        fclose(in);
    const char *dot = strrchr(path, '.');
    return signature || (dot && (strcmp(dot, ".h5") == 0 || strcmp(dot, ".hdf5") == 0));
}

typedef struct opener {
    const arguments *a;
    long threads, member;
    bool steady;
} opener;

static exit_code open_scenario(const opener *o, const char *method, source **out,
                               orr_diagnosis *why)
{
    orr_scenario s;
    exit_code code = load_scenario(o->a, o->a->words[0], &s);
    if (code != EXIT_OK)
        return code;
    if (s.ensemble.members) {
        orr_scenario own;
        orr_status status = load_member(o->a, &s, (size_t)o->member, &own, why);
        orr_scenario_free(&s);
        if (status != ORR_OK)
            return EXIT_SCENARIO;
        s = own;
    }
    *out = source_open_scenario(&s, method, (int)o->threads, o->steady, why);
    orr_scenario_free(&s); /* empty, or refused */
    return *out ? EXIT_OK : EXIT_SCENARIO;
}

static source *open_again(void *user, const char *method, orr_diagnosis *why)
{
    source *s = NULL;
    return open_scenario(user, method, &s, why) == EXIT_OK ? s : NULL;
}

/* ---- options ---- */

/* A time of the run: with a unit, or a date where the scenario has an epoch. */
static bool time_of(const subject *s, const char *option, const char *text, double *out)
{
    return parse_time(option, text, s->time_si, s->time_unit, s->has_epoch ? &s->epoch : NULL, out);
}

static bool parse_number(const char *option, const char *text, double least, double most,
                         double *out)
{
    char *end;
    *out = strtod(text, &end);
    if (end != text && *end == 0 && *out >= least && *out <= most)
        return true;
    print_error("--%s takes a number from %g to %g, not '%s'", option, least, most, text);
    return false;
}

static bool parse_size(const char *text, int *width, int *height)
{
    int end = 0;
    if (sscanf(text, "%5dx%5d%n", width, height, &end) == 2 && text[end] == 0 && *width >= 1 &&
        *height >= 1 && *width <= 16384 && *height <= 16384)
        return true;
    print_error("--size is WIDTHxHEIGHT in pixels, such as 1920x1080 (at most 16384), not '%s'",
                text);
    return false;
}

/* "trails,names": switch these on or off. */
static bool parse_parts(const char *option, const char *text, bool on, viewer *v)
{
    struct {
        const char *name;
        bool *flag;
    } parts[] = {{"trails", &v->settings.trails}, {"orbits", &v->settings.orbits},
                 {"names", &v->settings.labels},  {"graphs", &v->settings.graphs},
                 {"plane", &v->settings.grid},    {"writing", &v->hud},
                 {"details", &v->details},        {"true-sizes", &v->settings.true_size}};
    char copy[200], *rest = copy;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word; (word = strsep(&rest, ","));) {
        bool found = false;
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
            if (strcmp(word, parts[k].name) == 0)
                *parts[k].flag = found = true, *parts[k].flag = on;
        const char *names[sizeof parts / sizeof *parts];
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
            names[k] = parts[k].name;
        if (!found) {
            no_such(option, "part", word, names, sizeof parts / sizeof *parts);
            return false;
        }
    }
    return true;
}

/* YAW,PITCH[,DISTANCE] in degrees and units of the scenario. */
static bool parse_camera(const char *text, viewer *v)
{
    const double degree = 0.017453292519943295;
    double yaw, pitch, distance = v->camera.distance;
    int n = 0, end = 0;
    n = sscanf(text, "%lf,%lf%n,%lf%n", &yaw, &pitch, &end, &distance, &end);
    if (n < 2 || text[end] != 0 || !(fabs(yaw) <= 3600) || !(fabs(pitch) <= 90) ||
        !(distance > 0 && distance < 1e40)) {
        print_error(
            "--camera is YAW,PITCH or YAW,PITCH,DISTANCE (degrees; pitch -90 to 90; distance "
            "in the run's unit of length), not '%s'",
            text);
        return false;
    }
    v->camera.yaw = yaw * degree;
    v->camera.pitch = pitch * degree;
    v->camera.distance = distance;
    v->home = v->camera;
    return true;
}

static bool parse_frame(const char *text, viewer *v)
{
    const char *names[FRAME_KINDS];
    size_t chosen;
    for (int k = 0; k < FRAME_KINDS; k++)
        names[k] = frame_name((frame_kind)k);
    if (!parse_word("frame", text, names, FRAME_KINDS, &chosen))
        return false;
    v->frame_kind = (frame_kind)chosen;
    if (v->frame_kind != FRAME_INERTIAL && !v->follow)
        memset(v->camera.target, 0, sizeof v->camera.target);
    return true;
}

static bool parse_plane(const char *text, viewer *v)
{
    const char *names[VIEWER_PLANES];
    size_t chosen;
    for (int k = 0; k < VIEWER_PLANES; k++)
        names[k] = viewer_plane_name((viewer_plane)k);
    if (!parse_word("plane", text, names, VIEWER_PLANES, &chosen))
        return false;
    v->plane = (viewer_plane)chosen;
    v->plane_given = true;
    if (viewer_has_plane(v, v->plane))
        return true;
    print_error(
        v->plane == PLANE_EQUATOR
            ? "--plane %s: no pole is known; `forces: - { force: harmonics, ... }` gives one"
            : "--plane %s: the scenario says nothing of where its axes lie; `frame: icrf` or "
              "`frame: ecliptic` does",
        text);
    return false;
}

static bool parse_trails(const char *text, viewer *v)
{
    char *end;
    double orbits = strtod(text, &end);
    const subject *s = &v->panes[0].source->subject;
    if (end != text && *end == 0 && *s->time_unit) {
        v->settings.trail_orbits = orbits;
        return orbits > 0 || (print_error("--trails: a length must be positive"), false);
    }
    v->settings.trail_in_time = true;
    return time_of(s, "trails", text, &v->settings.trail_time);
}

static bool select_body(viewer *v, const char *option, const char *name)
{
    if (viewer_select(v, name))
        return true;
    enum { MOST = 400 };
    const char *names[MOST];
    const orr_bodies *b = v->panes[0].now.bodies;
    const subject *s = &v->panes[0].source->subject;
    size_t n = 0;
    for (; b && n < b->n && n < MOST; n++)
        names[n] = s->name(s->names, b->id[n]);
    no_such(option, "body", name, names, n);
    return false;
}

/* What the options say of the picture. */
static bool set_up(const arguments *a, viewer *v)
{
    const subject *s = &v->panes[0].source->subject;
    const char *text;
    bool good = true;
    double rate;
    static const char *const themes[] = {"night", "paper"};
    size_t chosen;
    if ((text = value_of(a, "rate"))) {
        good = time_of(s, "rate", text, &rate);
        if (good && !(rate != 0 && isfinite(rate))) {
            print_error("--rate: how much time passes in a second; not 0");
            good = false;
        }
        double forwards = s->t_last < s->t_first ? -1 : 1;
        if (good && rate < 0 && s->live && forwards > 0) {
            print_error("--rate '%s': a running simulation goes one way; run it backwards with "
                        "`run: { to: ... }` before its start, or replay its file",
                        text);
            good = false;
        }
        if (good)
            v->rate = s->live ? forwards * fabs(rate) : rate;
        if (good && !s->live && v->rate * forwards < 0) /* back from the end */
            v->t = s->t_last;
    }
    if (good && (text = value_of(a, "select")))
        good = select_body(v, "select", text);
    if (good && (text = value_of(a, "follow"))) {
        good = select_body(v, "follow", text);
        v->follow = good;
    }
    if (good && (text = value_of(a, "camera")))
        good = parse_camera(text, v);
    if (good && (text = value_of(a, "frame")))
        good = parse_frame(text, v);
    if (good && (text = value_of(a, "plane")))
        good = parse_plane(text, v);
    if (good && (text = value_of(a, "colors"))) {
        const char *names[TINT_KINDS];
        for (int k = 0; k < TINT_KINDS; k++)
            names[k] = tint_name((tint_kind)k);
        good = parse_word("colors", text, names, TINT_KINDS, &chosen);
        v->tint = good ? (tint_kind)chosen : TINT_OWN;
    }
    if (good && (text = value_of(a, "theme"))) {
        good = parse_word("theme", text, themes, 2, &chosen);
        v->settings.light = good && chosen == 1;
    }
    if (good && (text = value_of(a, "font-size")))
        good = parse_number("font-size", text, 6, 60, &v->settings.font_size);
    if (good && (text = value_of(a, "trails")))
        good = parse_trails(text, v);
    if (good && (text = value_of(a, "show")))
        good = parse_parts("show", text, true, v);
    if (good && (text = value_of(a, "hide")))
        good = parse_parts("hide", text, false, v);
    v->paused = given(a, "paused");
    viewer_forget_trails(v); /* the first place was in another frame */
    return good;
}

/* ---- running ---- */

static void on_signal(int number)
{
    (void)number;
    frames_stop();
    window_close();
}

/* Is something there already that is not to be replaced?  Of a folder its first picture counts. */
static bool is_taken(const arguments *a, const char *path, bool folder)
{
    char first[4200];
    snprintf(first, sizeof first, "%.4000s%s", path ? path : "", folder ? "/frame-000001.png" : "");
    if (path && !may_replace(first, a->words[0], NULL))
        return true;
    if (!path || given(a, "force") || access(first, F_OK) != 0)
        return false;
    print_error("'%s' exists; --force replaces it", first);
    return true;
}

/* Pictures do not depend on what is remembered of windows. */
static settings kept_settings(const arguments *a, bool steady)
{
    settings kept = settings_default();
    if (given(a, "reset"))
        settings_forget();
    if (!steady)
        settings_load(&kept);
    return kept;
}

/* --at: a time of the run. */
static bool parse_at(const arguments *a, const subject *s, double *at)
{
    const char *text = value_of(a, "at");
    double low = fmin(s->t_first, s->t_last), high = fmax(s->t_first, s->t_last);
    if (text && !time_of(s, "at", text, at))
        return false;
    if (*at >= low && *at <= high)
        return true;
    print_error("--at %s is outside of the run, which goes from %g to %g%s%s", text ? text : "",
                s->t_first, s->t_last, *s->time_unit ? " " : "", s->time_unit);
    return false;
}

static exit_code make_pictures(const arguments *a, viewer *v)
{
    const subject *s = &v->panes[0].source->subject;
    const char *text, *movie = value_of(a, "movie"), *folder = value_of(a, "frames");
    frames_job job = {.film = movie ? movie : folder,
                      .picture = value_of(a, "picture"),
                      .at = s->t_first,
                      .width = 1920,
                      .height = 1080,
                      .fps = 30,
                      .scale = 1,
                      .quiet = given(a, "quiet")};
    long fps = 30;
    double seconds = 0;
    if ((movie && folder) || (job.picture && job.film)) {
        print_error("--picture, --movie and --frames exclude each other");
        return EXIT_USAGE;
    }
    size_t length = job.picture ? strlen(job.picture) : 0;
    if (job.picture && (length < 4 || strcasecmp(job.picture + length - 4, ".png") != 0)) {
        print_error("'%s': pictures are written as .png", job.picture);
        return EXIT_USAGE;
    }
    struct stat there;
    if (folder && stat(folder, &there) == 0 && !S_ISDIR(there.st_mode)) {
        print_error("'%s' is no folder; --frames takes one", folder);
        return EXIT_FILES;
    }
    if ((text = value_of(a, "size")) && !parse_size(text, &job.width, &job.height))
        return EXIT_USAGE;
    job.scale = fmax(0.85, job.height / 1080.0);
    if ((text = value_of(a, "scale")) && !parse_number("scale", text, 0.2, 10, &job.scale))
        return EXIT_USAGE;
    if ((text = value_of(a, "fps")) && !parse_count("fps", text, 1, 240, &fps))
        return EXIT_USAGE;
    if ((text = value_of(a, "seconds")) && !parse_number("seconds", text, 0, 86400, &seconds))
        return EXIT_USAGE;
    if (text && seconds == 0) {
        print_error("--seconds 0: a film of no pictures is none");
        return EXIT_USAGE;
    }
    job.fps = (int)fps;
    job.frames = (long)ceil(seconds * (double)fps - 1e-9);
    if (!parse_at(a, s, &job.at))
        return EXIT_USAGE;
    if (is_taken(a, job.picture, false) || is_taken(a, movie, false) || is_taken(a, folder, true))
        return EXIT_FILES;
    char why[500];
    if (!frames_make(v, &job, why, sizeof why)) {
        print_error("%s", why);
        return EXIT_FILES;
    }
    if (!given(a, "quiet"))
        print_text("%s\n", job.film ? job.film : job.picture);
    return EXIT_OK;
}

static exit_code open_window(const arguments *a, viewer *v)
{
    static const char *const names[] = {"auto", "software", "opengl"};
    static const window_renderer renderers[] = {WINDOW_AUTO, WINDOW_SOFTWARE, WINDOW_OPENGL};
    const char *text = value_of(a, "renderer");
    size_t chosen = 0;
    if (text && !parse_word("renderer", text, names, 3, &chosen))
        return EXIT_USAGE;
    window_renderer renderer = renderers[chosen];
    const settings loaded = kept_settings(a, false);
    const subject *s = &v->panes[0].source->subject;
    if ((text = value_of(a, "size")) && !parse_size(text, &v->settings.width, &v->settings.height))
        return EXIT_USAGE;
    if (value_of(a, "at") && !parse_at(a, s, &v->t))
        return EXIT_USAGE;
    for (int k = 0; k < v->n_panes; k++)
        v->panes[k].source->want(v->panes[k].source, v->t);
    const settings begun = v->settings;
    char stem[300], why[500];
    const char *slash = strrchr(a->words[0], '/');
    snprintf(stem, sizeof stem, "%.250s", slash ? slash + 1 : a->words[0]);
    char *dot = strrchr(stem, '.');
    if (dot && dot != stem)
        *dot = 0;
    if (!window_show(v, stem, renderer, why, sizeof why)) {
        print_error("%s", why);
        return EXIT_USAGE;
    }
    const settings kept = settings_changed(&loaded, &begun, &v->settings);
    if (!settings_save(&kept))
        print_warning("the viewer's settings could not be kept");
    return EXIT_OK;
}

/* What steers a simulation has nothing to steer in a file. */
static bool fits_subject(const arguments *a, const viewer *v)
{
    static const char *const of_scenarios[] = {"split", "set", "until", "allow-plugins", "threads"};
    for (size_t k = 0; k < 5 && !v->panes[0].source->subject.live; k++)
        if (given(a, of_scenarios[k])) {
            print_error("--%s needs a scenario; this is a file", of_scenarios[k]);
            return false;
        }
    return true;
}

static exit_code look(const arguments *a, viewer *v, opener *o)
{
    const char *text = value_of(a, "split");
    if (!fits_subject(a, v))
        return EXIT_USAGE;
    v->open_again = open_again;
    v->user = o;
    if (text) {
        orr_diagnosis why = {0};
        source *second = NULL;
        if (!find_method("split", text))
            return EXIT_USAGE;
        exit_code code = open_scenario(o, text, &second, &why);
        if (code != EXIT_OK) {
            print_diagnosis(&why);
            return code;
        }
        if (!viewer_add(v, second)) {
            print_error("out of memory");
            return EXIT_NUMERICAL;
        }
    }
    if (!set_up(a, v))
        return EXIT_USAGE;
    catch_interrupts(on_signal);
    return o->steady ? make_pictures(a, v) : open_window(a, v);
}

static exit_code view(const arguments *a)
{
    opener o = {.a = a, .steady = given(a, "frames") || given(a, "movie") || given(a, "picture")};
    const char *text;
    long threads = sysconf(_SC_NPROCESSORS_ONLN);
    if ((text = value_of(a, "threads")) && !parse_count("threads", text, 1, 4096, &o.threads))
        return EXIT_USAGE;
    if ((text = value_of(a, "member")) && !parse_count("member", text, 0, 100000000, &o.member))
        return EXIT_USAGE;
    char why[500];
    font *f = font_load(value_of(a, "font"), why, sizeof why);
    if (!f) {
        print_error("%s", why);
        return EXIT_FILES;
    }
    source *s = NULL;
    orr_diagnosis reason = {0};
    exit_code code = EXIT_OK;
    bool file = is_output(a->words[0]);
    if (file)
        s = source_open_file(a->words[0], (size_t)o.member, &reason);
    else
        code = open_scenario(&o, NULL, &s, &reason);
    if (!s && (*reason.text || code == EXIT_OK))
        print_diagnosis(&reason);
    if (s) {
        settings kept = kept_settings(a, o.steady);
        viewer v;
        /* beside a running simulation half of the processors draw */
        long drawing = !file && !o.steady && threads > 1 ? threads / 2 : threads;
        if (viewer_open(&v, s, &kept, f, (int)(drawing > 16 ? 16 : drawing))) {
            v.steady = o.steady;
            code = look(a, &v, &o);
            viewer_close(&v);
        } else {
            print_error("out of memory");
            code = EXIT_NUMERICAL;
        }
    } else if (code == EXIT_OK)
        code = EXIT_FILES;
    font_free(f);
    return code;
}

const command command_view = {
    .name = "view",
    .summary = "watch a scenario run, or a file again",
    .usage = "view [options] SCENARIO | FILE.h5",
    .help = "Shows a scenario while it runs, or the snapshots of a file (also one that is being "
            "written).\n"
            "H in the window lists the keys. With --picture, --frames or --movie no window is "
            "needed.\n\n"
            "  orrery view solar-system\n"
            "  orrery view kepler --split rk4\n"
            "  orrery view solar-system.h5 --follow Jupiter\n"
            "  orrery view figure-eight --movie eight.mp4 --seconds 10 --size 1280x720",
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_EITHER,
    .run = view,
};
