/* picture.c - see picture.h. */
#include "picture.h"

#include <errno.h>
#include <png.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* fast: pictures of a film are many, and may be larger. */
static bool write_png(const canvas *c, const char *path, bool fast, char *why, int size)
{
    char fresh[4200];
    uint8_t *rgb = malloc((size_t)c->width * (size_t)c->height * 3 + 1);
    if (!rgb) {
        snprintf(why, (size_t)size, "out of memory for a picture");
        return false;
    }
    for (size_t k = 0; k < (size_t)c->width * (size_t)c->height; k++)
        for (int i = 0; i < 3; i++)
            rgb[3 * k + (size_t)i] = (uint8_t)(c->pixels[k] >> (16 - 8 * i));
    snprintf(fresh, sizeof fresh, "%.4100s.part", path);
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)c->width,
                       .height = (png_uint_32)c->height,
                       .format = PNG_FORMAT_RGB};
    image.flags = fast ? PNG_IMAGE_FLAG_FAST : 0;
    errno = 0;
    bool good = png_image_write_to_file(&image, fresh, 0, rgb, 0, NULL) != 0;
    if (!good)
        snprintf(why, (size_t)size, "cannot write '%s': %s", path,
                 errno ? strerror(errno) : image.message);
    free(rgb);
    if (good && rename(fresh, path) != 0) {
        snprintf(why, (size_t)size, "cannot write '%s': %s", path, strerror(errno));
        good = false;
    }
    if (!good)
        unlink(fresh);
    return good;
}

bool picture_write(const canvas *c, const char *path, char *why, int size)
{
    return write_png(c, path, false, why, size);
}

/* ---- films ---- */

struct film {
    char path[4096];
    int width, height;
    long frames;
    FILE *pipe; /* to ffmpeg; NULL: PNGs */
    pid_t ffmpeg;
};

/* Start a program that reads from a pipe; false with errno. */
static bool start(char *const arguments[], FILE **pipe_end, pid_t *pid)
{
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1 /* O_WRONLY */, 0);
    int error = posix_spawnp(pid, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[0]);
    *pipe_end = error == 0 ? fdopen(ends[1], "wb") : NULL;
    if (!*pipe_end) {
        close(ends[1]);
        errno = error;
        return false;
    }
    return true;
}

bool film_has_ffmpeg(void)
{
    FILE *to;
    pid_t pid;
    int status;
    char *const arguments[] = {"ffmpeg", "-loglevel", "quiet", "-version", NULL};
    if (!start(arguments, &to, &pid))
        return false;
    fclose(to);
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool start_ffmpeg(film *f, int fps)
{
    char shape[40], rate[20];
    snprintf(shape, sizeof shape, "%dx%d", f->width, f->height);
    snprintf(rate, sizeof rate, "%d", fps);
    /* yuv420p wants even sides; faststart lets a page play it while it loads */
    char *const arguments[] = {"ffmpeg",
                               "-y",
                               "-loglevel",
                               "error",
                               "-f",
                               "rawvideo",
                               "-pix_fmt",
                               "bgr0",
                               "-s",
                               shape,
                               "-r",
                               rate,
                               "-i",
                               "-",
                               "-an",
                               "-vf",
                               "pad=ceil(iw/2)*2:ceil(ih/2)*2",
                               "-c:v",
                               "libx264",
                               "-crf",
                               "18",
                               "-preset",
                               "veryfast",
                               "-pix_fmt",
                               "yuv420p",
                               "-movflags",
                               "+faststart",
                               f->path,
                               NULL};
    return start(arguments, &f->pipe, &f->ffmpeg);
}

film *film_open(const char *path, int width, int height, int fps, char *why, int size)
{
    film *f = calloc(1, sizeof *f);
    if (!f) {
        snprintf(why, (size_t)size, "out of memory");
        return NULL;
    }
    snprintf(f->path, sizeof f->path, "%s", path);
    f->width = width;
    f->height = height;
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    if (dot && (!slash || dot > slash + 1) && dot != path) {
        if (start_ffmpeg(f, fps))
            return f;
        snprintf(why, (size_t)size,
                 "a film needs ffmpeg, which is not here (%s); a folder gets PNG pictures instead",
                 strerror(errno));
    } else if (mkdir(path, 0777) == 0 || errno == EEXIST) {
        return f;
    } else
        snprintf(why, (size_t)size, "cannot make the folder '%s': %s", path, strerror(errno));
    free(f);
    return NULL;
}

bool film_add(film *f, const canvas *c, char *why, int size)
{
    if (c->width != f->width || c->height != f->height) {
        snprintf(why, (size_t)size, "the picture is no longer %d x %d: the film ends here",
                 f->width, f->height);
        return false;
    }
    f->frames++;
    if (!f->pipe) {
        char path[4200];
        snprintf(path, sizeof path, "%.4096s/frame-%06ld.png", f->path, f->frames);
        return write_png(c, path, true, why, size);
    }
    size_t n = (size_t)c->width * (size_t)c->height;
    if (fwrite(c->pixels, 4, n, f->pipe) == n)
        return true;
    snprintf(why, (size_t)size, "ffmpeg ended before its time: is there room for '%s'?", f->path);
    return false;
}

bool film_close(film *f, char *why, int size)
{
    bool good = true;
    int status = 0;
    if (f->pipe) {
        good = fclose(f->pipe) == 0;
        good = waitpid(f->ffmpeg, &status, 0) == f->ffmpeg && WIFEXITED(status) &&
               WEXITSTATUS(status) == 0 && good;
        if (f->frames == 0) {
            unlink(f->path);
            snprintf(why, (size_t)size, "no picture was recorded, so there is no film");
            good = false;
        } else if (!good) {
            unlink(f->path); /* no player shows half an MP4 */
            snprintf(why, (size_t)size, "ffmpeg could not finish '%s'", f->path);
        }
    }
    free(f);
    return good;
}
