/* cmd_info.c - `orrery info`: what is in an output file, what made it, is it whole? */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <orrery/run.h>

#include "cli/cli.h"
#include "io/lock.h"

/* Without potential energy nothing massive moves under a force: an error of 0 says nothing. */
static bool energy_tells(orr_reader *r)
{
    size_t n = orr_reader_info(r)->n_diagnostics;
    double *potential = malloc((n + 1) * sizeof *potential);
    orr_diagnosis why;
    bool tells =
        !potential || orr_reader_column(r, "potential_energy", 0, potential, &why) != ORR_OK;
    for (size_t k = 0; k < n && !tells; k++)
        tells = potential[k] != 0;
    free(potential);
    return tells;
}

static void as_json(const char *path, const orr_file_info *i, bool energy)
{
    json_begin("info");
    json_text("file", path);
    json_text("title", i->title);
    json_text("state", i->state);
    json_text("version", i->version);
    json_text("commit", i->commit);
    json_text("method", i->method);
    json_text("instruction_set", i->isa);
    json_text("command_line", i->command_line);
    json_text("start", i->start);
    json_number("files", (double)i->n_files);
    json_number("segment", i->segment);
    json_text("missing", i->missing);
    json_number("members", (double)i->n_members);
    json_number("bodies", (double)i->n_bodies);
    if (i->n_elements)
        json_text("elements", i->elements);
    json_number("snapshots", (double)i->n_frames);
    json_number("room", (double)i->room_frames);
    json_number("snapshots_lost", (double)i->n_lost);
    json_number("diagnostics", (double)i->n_diagnostics);
    json_number("events", (double)i->n_events);
    json_number("t_first", i->t_first);
    json_number("t_last", i->t_last);
    json_number("energy_error", energy ? i->energy_error_last : NAN);
    json_number("energy_error_max", energy ? i->energy_error_max : NAN);
    json_number("wall_seconds", i->wall_seconds);
    json_number("bytes", i->bytes);
    json_end();
}

/* Of a run that has not ended: is its lock held? */
static void tell_writer(const char *path)
{
    char first[4200];
    orr_diagnosis why;
    orr_run_first_file(path, first);
    if (orr_lock_ask(first, &why) == ORR_E_BUSY)
        print_text("                %s\n", why.text);
    else
        puts("                no process holds its lock: it was killed (`orrery resume` goes on), "
             "or "
             "works where\n                the file system has no locks");
}

static const char *meaning(const char *state)
{
    static const struct {
        const char *state, *meaning;
    } all[] = {
        {"running", "not ended; all rows counted are whole"},
        {"finished", "complete"},
        {"stopped", "interrupted, or stopped by a collision; the last snapshot is the last state"},
        {"failed", "ended by an error; all rows counted are whole"},
        {"continued", "full; the run goes on in the next segment"}};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (strcmp(all[k].state, state) == 0)
            return all[k].meaning;
    return "unknown";
}

/* The last whole one, and the time it is of. */
static void tell_checkpoint(const arguments *a, const char *path, const orr_file_info *i)
{
    double t;
    char first[4200];
    orr_diagnosis why;
    orr_run_first_file(path, first);
    if (orr_run_checkpoint_time(first, value_of(a, "checkpoint"), &t, &why) == ORR_OK)
        print_text("  checkpoint    of t = %.10g%s%s%s (`orrery resume %s` goes on from it)\n", t,
                   *i->time_unit ? " " : "", i->time_unit,
                   i->n_members ? ", the slowest member" : "", first);
    else if (*why.text)
        print_text("  checkpoint    %s\n", why.text);
}

static void as_text(const arguments *a, const char *path, const orr_file_info *i, size_t member,
                    bool energy)
{
    char size[32], took[32];
    const char *unit = i->time_unit, *gap = *unit ? " " : "";
    print_text("%s: %s\n", path, *i->title ? i->title : "(no title)");
    print_text("  state         %s: %s\n", i->state, meaning(i->state));
    if (strcmp(i->state, "running") == 0)
        tell_writer(path);
    tell_checkpoint(a, path, i);
    if (i->n_members)
        printf("  ensemble      %zu members; what follows is member %zu (--member K: another)\n",
               i->n_members, member);
    printf("  snapshots     %zu of at most %zu", i->n_frames, i->room_frames);
    if (i->n_frames)
        print_text(", t = %.10g to %.10g%s%s", i->t_first, i->t_last, gap, unit);
    if (i->n_lost)
        printf("\n                %zu more were counted but are not whole; `orrery resume` writes "
               "them "
               "again,\n                `orrery repair` makes a file without them",
               i->n_lost);
    if (i->n_elements)
        print_text("\n  elements      of %zu bod%s: %s", i->n_elements,
                   i->n_elements == 1 ? "y" : "ies", i->elements);
    printf("\n  bodies        %zu (%zu active, %zu passive, %zu test)\n", i->n_bodies, i->n_active,
           i->n_passive, i->n_bodies - i->n_active - i->n_passive);
    printf("  diagnostics   %zu rows", i->n_diagnostics);
    if (i->n_diagnostics && !energy)
        printf("; energy error - (nothing massive moves under a force)");
    else if (i->n_diagnostics && isnan(i->energy_error_last))
        printf("; energy error - (not conserved)");
    else if (i->n_diagnostics)
        printf("; energy error %.2e at the end, %.2e at most", fabs(i->energy_error_last),
               i->energy_error_max);
    if (i->has_epoch) {
        char date[64];
        orr_date_text(&i->epoch, fmod(i->epoch.seconds, 1) == 0 ? 0 : 6, date, sizeof date);
        print_text("\n  epoch         %s %s (JD %.14g), frame %s", date, i->time_scale, i->epoch_jd,
                   i->frame);
    }
    print_text("\n  units         length %s, time %s, speed %s\n",
               *i->length_unit ? i->length_unit : "1", *unit ? unit : "1",
               *i->speed_unit ? i->speed_unit : "1");
    printf("  size          %s", human_bytes(i->bytes, size));
    if (i->n_files > 1)
        printf(" in %zu files", i->n_files);
    printf(", %s positions\n", i->float_positions ? "single precision" : "double precision");
    print_text("  made by       orrery %s (commit %s) with %s, %d thread%s, %s kernels\n",
               i->version, i->commit, i->method, i->threads, i->threads == 1 ? "" : "s", i->isa);
    print_text("                %s; %s\n", i->compiler, i->flags);
    print_text("  made on       %s, %s, took %s%s\n", *i->host ? i->host : "?",
               *i->start ? i->start : "?", human_seconds(i->wall_seconds, took),
               strcmp(i->state, "running") == 0 ? " so far" : "");
    print_text("  command       %s\n", i->command_line);
}

static const char *name_of(orr_reader *r, uint64_t id)
{
    const orr_bodies *b = orr_reader_bodies(r);
    return orr_reader_name(r, orr_bodies_find(b, id));
}

static void list_events(orr_reader *r)
{
    enum { MOST = 20 };
    static const char *const kinds[] = {
        "?", "hit", "came close to", "escaped from", "became part of", "was taken out at"};
    const orr_file_info *i = orr_reader_info(r);
    const char *time = i->time_unit, *length = i->length_unit;
    double G = orr_reader_G(r);
    for (size_t k = 0; k < i->n_events && k < MOST; k++) {
        orr_event e;
        uint64_t member;
        orr_diagnosis why;
        if (orr_reader_event(r, k, &e, &member, &why) != ORR_OK)
            return;
        int kind = e.kind >= ORR_COLLISION && e.kind <= ORR_REMOVAL ? (int)e.kind : 0;
        print_text("  %s        ", k ? "      " : "events");
        if (i->n_members)
            printf("member %llu, ", (unsigned long long)member);
        print_text("t = %.10g%s%s: %s %s %s, %.4g%s%s apart", e.t, *time ? " " : "", time,
                   name_of(r, e.a), kinds[kind], name_of(r, e.b), e.separation, *length ? " " : "",
                   length);
        if (e.speed > 0)
            print_text(", at %.4g%s%s", e.speed, *i->speed_unit ? " " : "", i->speed_unit);
        if (e.kind == ORR_MERGER && e.gm_after[1] > 0)
            print_text(": mass %.6g%s%s", e.gm_after[1] / G, *i->mass_unit ? " " : "",
                       i->mass_unit);
        putchar('\n');
    }
    if (i->n_events > MOST)
        printf("                and %zu more (`orrery export --events`)\n", i->n_events - MOST);
}

static exit_code run(const arguments *a)
{
    orr_reader *r;
    orr_diagnosis why;
    long member = 0;
    const char *number = value_of(a, "member");
    if (number && !parse_count("member", number, 0, 2000000000, &member))
        return EXIT_USAGE;
    orr_status status = ORR_OK;
    if (!open_run(a->words[0], &r))
        return EXIT_FILES;
    if (number && orr_reader_select(r, (size_t)member, &why) != ORR_OK) {
        print_diagnosis(&why);
        orr_reader_close(r);
        return EXIT_USAGE;
    }
    bool scenario = given(a, "scenario"), resolved = given(a, "resolved");
    if (scenario || resolved) {
        char *text = orr_reader_scenario(r, resolved);
        if (text)
            fputs(text, stdout);
        else
            print_error("'%s' holds no scenario", a->words[0]);
        status = text ? ORR_OK : ORR_E_FORMAT;
        free(text);
    } else if (given(a, "json")) {
        as_json(a->words[0], orr_reader_info(r), energy_tells(r));
    } else {
        as_text(a, a->words[0], orr_reader_info(r), (size_t)member, energy_tells(r));
        list_events(r);
    }
    orr_reader_close(r);
    return status == ORR_OK ? EXIT_OK : EXIT_FILES;
}

const command command_info = {
    .name = "info",
    .summary = "what is in an output file, and what made it",
    .usage = "info [options] FILE.h5",
    .help =
        "Also works on a file that is being written, and on one whose writer was killed. A run\n"
        "that goes on in NAME.0001.h5, ... is told as one; the name of such a file means that\n"
        "part of it alone.",
    .least_words = 1,
    .most_words = 1,
    .takes = TAKES_OUTPUT,
    .run = run,
};
