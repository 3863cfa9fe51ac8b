/* Locks: one writer a name, whatever name it goes by, in whichever thread or process; nothing that
 * is left of a lock blocks. */
#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <orrery/io.h>

#include "io/lock.h"

#include "temporary_folder.h"

static void name(char path[200], const char *last)
{
    snprintf(path, 200, "%s/%s", folder, last);
}

static void make_file(const char *path)
{
    FILE *out = fopen(path, "w");
    CHECK(out && fclose(out) == 0);
}

static void one_holder(void **state)
{
    (void)state;
    orr_lock a, b;
    orr_diagnosis why;
    char path[200], lock[200], link_[200], round[300], word[40];
    name(path, "run.h5"), name(lock, "run.h5.lock"), name(link_, "link.h5");
    snprintf(round, sizeof round, "%s/../%s/run.h5", folder, strrchr(folder, '/') + 1);
    make_file(path);
    CHECK(symlink("run.h5", link_) == 0);
    CHECK_OK(orr_lock_ask(path, &why));
    CHECK(access(lock, F_OK) != 0); /* who asks leaves nothing */
    CHECK_OK(orr_lock_take(&a, path, &why));
    CHECK(a.held && !*a.warning);
    const char *names[] = {path, link_, round};
    for (int k = 0; k < 3; k++) {
        CHECK(orr_lock_ask(names[k], &why) == ORR_E_BUSY);
        CHECK(orr_lock_take(&b, names[k], &why) == ORR_E_BUSY && !b.held);
        snprintf(word, sizeof word, "process %ld on host ", (long)getpid());
        CHECK(strstr(why.text, word) && strstr(why.text, names[k]));
        orr_lock_release(&b); /* nothing */
    }
    CHECK(orr_lock_ask(path, &why) == ORR_E_BUSY);
    orr_lock_release(&a);
    CHECK(access(lock, F_OK) != 0);
    CHECK_OK(orr_lock_take(&b, link_, &why));
    orr_lock_release(&b);
    orr_lock_release(&b);
}

static void leftovers(void **state)
{
    (void)state;
    orr_lock l;
    orr_diagnosis why;
    char path[200], lock[200], part[200], other[200];
    name(path, "left.h5"), name(lock, "left.h5.lock");
    name(part, "left.h5.part-123"), name(other, "left.h5.part-12x");
    make_file(lock), make_file(part), make_file(other);
    CHECK_OK(orr_lock_ask(path, &why));
    CHECK_OK(orr_lock_take(&l, path, &why));
    CHECK(access(part, F_OK) != 0 && access(other, F_OK) == 0);
    orr_lock_release(&l);
    pid_t child = fork(); /* which dies with the lock */
    if (child == 0) {
        if (orr_lock_take(&l, path, &why) == ORR_OK)
            raise(SIGKILL);
        _exit(1);
    }
    int how;
    CHECK(waitpid(child, &how, 0) == child && WIFSIGNALED(how));
    CHECK(access(lock, F_OK) == 0);
    CHECK_OK(orr_lock_take(&l, path, &why));
    unlink(lock); /* somebody tidies up; then another takes what is not there any more */
    orr_lock other_lock;
    CHECK_OK(orr_lock_take(&other_lock, path, &why));
    orr_lock_release(&l); /* which leaves the other's alone */
    CHECK(access(lock, F_OK) == 0);
    orr_lock_release(&other_lock);
    CHECK(orr_lock_take(&l, "/nowhere/x.h5", &why) == ORR_E_FILE && strstr(why.text, "No such"));
}

/* Renamed, or with a second name: a lock file beside it does not tell. */
static void other_names(void **state)
{
    (void)state;
    orr_lock l;
    orr_diagnosis why;
    char path[200], second[200];
    name(path, "one.h5"), name(second, "two.h5");
    make_file(path);
    CHECK(link(path, second) == 0);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    CHECK(orr_lock_ask(second, &why) == ORR_E_BUSY && strstr(why.text, "another name"));
    CHECK(orr_lock_take(&l, second, &why) == ORR_E_BUSY && !l.held);
    close(fd);
    fd = open(path, O_RDONLY | O_CLOEXEC); /* readers do not count */
    CHECK_OK(orr_lock_take(&l, second, &why));
    orr_lock_release(&l);
    close(fd);
    CHECK(orr_is_same_file(path, second) && !orr_is_same_file(path, folder));
}

/* ---- many at once ---- */

enum { THREADS = 6, TURNS = 60 };
static atomic_int inside, turns, wrong;

static void *compete(void *user)
{
    const char *path = user;
    for (int k = 0; k < TURNS;) {
        orr_lock l;
        orr_diagnosis why;
        orr_status status = orr_lock_take(&l, path, &why);
        wrong += status != ORR_OK && status != ORR_E_BUSY;
        if (status != ORR_OK) {
            usleep(100);
            continue;
        }
        wrong += ++inside != 1;
        usleep(20);
        inside--;
        turns++;
        orr_lock_release(&l);
        k++;
    }
    return NULL;
}

static void threads(void **state)
{
    (void)state;
    pthread_t all[THREADS];
    static char path[200];
    name(path, "shared.h5");
    for (int k = 0; k < THREADS; k++)
        CHECK(pthread_create(&all[k], NULL, compete, path) == 0);
    for (int k = 0; k < THREADS; k++)
        pthread_join(all[k], NULL);
    CHECK(wrong == 0 && turns == THREADS * TURNS);
}

/* A file with a number in it that only the holder changes, in two steps. */
static void processes(void **state)
{
    (void)state;
    char path[200], count[200];
    name(path, "across.h5"), name(count, "count");
    make_file(count);
    for (int p = 0; p < 4; p++)
        if (fork() == 0) {
            for (int k = 0; k < TURNS;) {
                orr_lock l;
                orr_diagnosis why;
                int n = 0;
                if (orr_lock_take(&l, path, &why) != ORR_OK) {
                    usleep(100);
                    continue;
                }
                FILE *f = fopen(count, "r");
                if (f && fscanf(f, "%d", &n) != 1)
                    n = 0;
                if (f)
                    fclose(f);
                f = fopen(count, "w");
                fprintf(f, "%d", n + 1);
                fclose(f);
                orr_lock_release(&l);
                k++;
            }
            _exit(0);
        }
    for (int p = 0, how; p < 4; p++)
        CHECK(wait(&how) > 0 && how == 0);
    int n = 0;
    FILE *f = fopen(count, "r");
    CHECK(f && fscanf(f, "%d", &n) == 1 && n == 4 * TURNS);
    fclose(f);
}

/* ---- the library's writer ---- */

static void writers(void **state)
{
    (void)state;
    static const char text[] = "units: { length: au, mass: Msun, time: day }\n"
                               "integrator: { method: leapfrog, step: 1 day }\n"
                               "run: { to: 10 day }\nbodies:\n  - { name: Sun, mass: 1 }\n";
    char path[200], table[200];
    orr_scenario s;
    orr_diagnosis why;
    orr_writer *w, *second;
    const orr_provenance provenance = {.origin = "scenario t.yaml\nuntil 10\n"};
    name(path, "w.h5");
    CHECK_OK(orr_scenario_parse("t.yaml", text, strlen(text), NULL, &s, &why));
    CHECK_OK(orr_writer_open(path, &s, &s.bodies, &provenance, false, &w, &why));
    CHECK(!*orr_writer_warning(w));
    for (int force = 0; force < 2; force++)
        CHECK(orr_writer_open(path, &s, &s.bodies, &provenance, force, &second, &why) ==
                  ORR_E_BUSY &&
              !second && strstr(why.text, "process"));
    orr_writer_place place = orr_writer_tell(w);
    CHECK(orr_writer_reopen(path, &s, &s.bodies, &provenance, &place, &second, &why) == ORR_E_BUSY);
    orr_reader *r; /* readers are free */
    CHECK_OK(orr_reader_open(path, &r, &why));
    char *origin = orr_reader_origin(r);
    CHECK(origin && strcmp(origin, provenance.origin) == 0);
    free(origin);
    orr_reader_close(r);
    CHECK_OK(orr_writer_close(w, "stopped", 0, &why));
    CHECK_OK(orr_writer_reopen(path, &s, &s.bodies, &provenance, &place, &w, &why));
    CHECK(orr_writer_open(path, &s, &s.bodies, &provenance, true, &second, &why) == ORR_E_BUSY);
    CHECK_OK(orr_writer_close(w, "finished", 0, &why));
    CHECK(orr_writer_open(folder, &s, &s.bodies, &provenance, true, &w, &why) == ORR_E_FILE &&
          strstr(why.text, "folder"));
    CHECK(orr_writer_open("/dev/null", &s, &s.bodies, &provenance, true, &w, &why) == ORR_E_FILE);
    name(table, "table.csv");
    make_file(table);
    const orr_input input = {.path = table};
    s.inputs = &input;
    CHECK(orr_writer_open(table, &s, &s.bodies, &provenance, true, &w, &why) == ORR_E_EXISTS &&
          strstr(why.text, "reads"));
    s.inputs = NULL;
    orr_scenario_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_holder), cmocka_unit_test(leftovers), cmocka_unit_test(other_names),
        cmocka_unit_test(threads),    cmocka_unit_test(processes), cmocka_unit_test(writers),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
