/* gl.c - see gl.h.  The shaders do what draw.c does, pixel for pixel but for rounding: light is
 * added in a picture of half floats, what is bright spreads, and a curve maps the sum to the
 * screen. */
#include "gl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <GL/glcorearb.h>

/* The functions of OpenGL that are used: name, and the type of its pointer. */
#define FUNCTIONS(X)                                                                               \
    X(ActiveTexture, ACTIVETEXTURE)                                                                \
    X(AttachShader, ATTACHSHADER)                                                                  \
    X(BindBuffer, BINDBUFFER)                                                                      \
    X(BindFramebuffer, BINDFRAMEBUFFER)                                                            \
    X(BindTexture, BINDTEXTURE)                                                                    \
    X(BindVertexArray, BINDVERTEXARRAY)                                                            \
    X(BlendFunc, BLENDFUNC)                                                                        \
    X(BufferData, BUFFERDATA)                                                                      \
    X(CheckFramebufferStatus, CHECKFRAMEBUFFERSTATUS)                                              \
    X(Clear, CLEAR)                                                                                \
    X(ClearColor, CLEARCOLOR)                                                                      \
    X(CompileShader, COMPILESHADER)                                                                \
    X(CreateProgram, CREATEPROGRAM)                                                                \
    X(CreateShader, CREATESHADER)                                                                  \
    X(DeleteBuffers, DELETEBUFFERS)                                                                \
    X(DeleteFramebuffers, DELETEFRAMEBUFFERS)                                                      \
    X(DeleteProgram, DELETEPROGRAM)                                                                \
    X(DeleteShader, DELETESHADER)                                                                  \
    X(DeleteTextures, DELETETEXTURES)                                                              \
    X(DeleteVertexArrays, DELETEVERTEXARRAYS)                                                      \
    X(Disable, DISABLE)                                                                            \
    X(DisableVertexAttribArray, DISABLEVERTEXATTRIBARRAY)                                          \
    X(DrawArrays, DRAWARRAYS)                                                                      \
    X(DrawArraysInstanced, DRAWARRAYSINSTANCED)                                                    \
    X(Enable, ENABLE)                                                                              \
    X(EnableVertexAttribArray, ENABLEVERTEXATTRIBARRAY)                                            \
    X(FramebufferTexture2D, FRAMEBUFFERTEXTURE2D)                                                  \
    X(GenBuffers, GENBUFFERS)                                                                      \
    X(GenFramebuffers, GENFRAMEBUFFERS)                                                            \
    X(GenTextures, GENTEXTURES)                                                                    \
    X(GenVertexArrays, GENVERTEXARRAYS)                                                            \
    X(GetError, GETERROR)                                                                          \
    X(GetProgramInfoLog, GETPROGRAMINFOLOG)                                                        \
    X(GetProgramiv, GETPROGRAMIV)                                                                  \
    X(GetShaderInfoLog, GETSHADERINFOLOG)                                                          \
    X(GetUniformLocation, GETUNIFORMLOCATION)                                                      \
    X(LinkProgram, LINKPROGRAM)                                                                    \
    X(ShaderSource, SHADERSOURCE)                                                                  \
    X(TexImage2D, TEXIMAGE2D)                                                                      \
    X(TexParameteri, TEXPARAMETERI)                                                                \
    X(Uniform1f, UNIFORM1F)                                                                        \
    X(Uniform1i, UNIFORM1I)                                                                        \
    X(Uniform2f, UNIFORM2F)                                                                        \
    X(Uniform3f, UNIFORM3F)                                                                        \
    X(UseProgram, USEPROGRAM)                                                                      \
    X(VertexAttribDivisor, VERTEXATTRIBDIVISOR)                                                    \
    X(VertexAttribPointer, VERTEXATTRIBPOINTER)                                                    \
    X(Viewport, VIEWPORT)

typedef enum program {
    POINTS,
    LINES,
    HALOS,
    DISCS,
    SHRINK,
    BLUR,
    DEVELOP,
    OVERLAY,
    PROGRAMS
} program;

struct gl {
#define POINTER(name, type) PFNGL##type##PROC name;
    FUNCTIONS(POINTER)
#undef POINTER
    GLuint programs[PROGRAMS], arrays, buffer;
    GLuint sky, cells[2], overlay; /* textures */
    GLuint to_sky, to_cells[2];    /* framebuffers */
    int width, height;
};

/* ---- shaders ---- */

#define HEAD "#version 330 core\nuniform vec2 size;\n"
/* Pixels, y down, to the device's. */
#define PLACE                                                                                      \
    "vec4 place(vec2 p) { return vec4(2 * p.x / size.x - 1, 1 - 2 * p.y / size.y, 0, 1); }\n"
#define HERE   "vec2 here() { return vec2(gl_FragCoord.x, size.y - gl_FragCoord.y); }\n"
#define CORNER "vec2 corner() { return vec2(gl_VertexID & 1, gl_VertexID >> 1); }\n"
/* All of the picture, by three corners. */
#define WHOLE                                                                                      \
    HEAD "void main() { vec2 c = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);\n"                 \
         "  gl_Position = vec4(2 * c - 1, 0, 1); }\n"

static const char *const sources[PROGRAMS][2] = {
    [POINTS] = {HEAD PLACE "layout(location = 0) in vec2 at; layout(location = 1) in vec3 light;\n"
                           "flat out vec2 p; flat out vec3 c;\n"
                           "void main() { p = at; c = light; gl_PointSize = 4;\n"
                           "  gl_Position = place(at); }\n",
                HEAD HERE "flat in vec2 p; flat in vec3 c; out vec4 o;\n"
                          "void main() { vec2 w = max(1 - abs(here() - p), 0);\n"
                          "  o = vec4(c * w.x * w.y, 1); }\n"},
    /* u along the longer axis, v across: see find_run() */
    [LINES] =
        {HEAD PLACE CORNER
         "layout(location = 0) in vec2 xs; layout(location = 1) in vec2 ys;\n"
         "layout(location = 2) in float width;\n"
         "layout(location = 3) in vec3 a; layout(location = 4) in vec3 b;\n"
         "flat out vec4 run; flat out vec3 from, change; flat out vec3 ends; flat out int steep;\n"
         "void main() {\n"
         "  vec2 d = vec2(xs.y - xs.x, ys.y - ys.x);\n"
         "  steep = abs(d.y) > abs(d.x) ? 1 : 0;\n"
         "  vec2 u = steep == 1 ? ys : xs, v = steep == 1 ? xs : ys;\n"
         "  float du = u.y - u.x, slope = abs(du) > 1e-6 ? (v.y - v.x) / du : 0;\n"
         "  float reach = 0.5 * width * sqrt(1 + slope * slope) + 0.5;\n"
         "  run = vec4(v.x - slope * u.x, slope, reach, 0);\n"
         "  float low = min(u.x, u.y), high = max(u.x, u.y);\n"
         "  ends = vec3(ceil(low - 0.5), ceil(high - 0.5), u.x);\n"
         "  from = a; change = abs(du) > 1e-6 ? (b - a) / du : vec3(0);\n"
         "  vec2 k = corner();\n"
         "  float cu = k.x == 0 ? low - 1 : high + 1;\n"
         "  float cv = run.x + slope * cu + (k.y == 0 ? -1 : 1) * (reach + 1);\n"
         "  gl_Position = place(steep == 1 ? vec2(cv, cu) : vec2(cu, cv)); }\n",
         HEAD HERE
         "flat in vec4 run; flat in vec3 from, change; flat in vec3 ends; flat in int steep;\n"
         "out vec4 o;\n"
         "void main() {\n"
         "  vec2 h = here(); float u = steep == 1 ? h.y : h.x, v = steep == 1 ? h.x : h.y;\n"
         "  if (floor(u) < ends.x || floor(u) >= ends.y) discard;\n"
         "  float w = min(1, run.z - abs(v - (run.x + run.y * u)));\n"
         "  if (w <= 0) discard;\n"
         "  o = vec4((from + change * (u - ends.z)) * w, 1); }\n"},
    [HALOS] = {HEAD PLACE CORNER
               "layout(location = 0) in vec4 disc; layout(location = 1) in vec3 light;\n"
               "layout(location = 3) in vec2 columns;\n"
               "flat out vec4 d; flat out vec3 c; flat out vec2 x;\n"
               "void main() { d = disc; c = light; x = columns;\n"
               "  gl_Position = place(disc.xy + (2 * corner() - 1) * (disc.w + 1)); }\n",
               HEAD HERE "flat in vec4 d; flat in vec3 c; flat in vec2 x; out vec4 o;\n"
                         "void main() { if (d.w <= 0) discard;\n"
                         "  if (here().x < floor(x.x) || here().x > ceil(x.y)) discard;\n"
                         "  vec2 p = (here() - d.xy) / d.w; float s = max(0, 1 - dot(p, p));\n"
                         "  o = vec4(c * (0.35 * s * s * s * s), 1); }\n"},
    [DISCS] = {HEAD PLACE CORNER
               "layout(location = 0) in vec4 disc; layout(location = 1) in vec3 light;\n"
               "layout(location = 2) in vec3 sun; layout(location = 3) in vec2 columns;\n"
               "flat out vec4 d; flat out vec3 c, s; flat out vec2 x;\n"
               "void main() { d = disc; c = light; s = sun; x = columns;\n"
               "  gl_Position = place(disc.xy + (2 * corner() - 1) * (disc.z + 2)); }\n",
               HEAD HERE
               "flat in vec4 d; flat in vec3 c, s; flat in vec2 x; out vec4 o;\n"
               "void main() { vec2 p = here() - d.xy;\n"
               "  if (here().x < floor(x.x) || here().x > ceil(x.y)) discard;\n"
               "  float cover = min(1, d.z + 0.5 - length(p));\n"
               "  if (cover <= 0) discard;\n"
               "  vec2 n = vec2(p.x, -p.y) / d.z; float z = sqrt(max(0, 1 - dot(n, n)));\n"
               "  float lit = dot(s, s) == 0 ? 0.45 + 0.55 * z\n"
               "                             : 0.06 + 0.94 * max(0, dot(s, vec3(n, z)));\n"
               "  o = vec4(c * cover * lit, cover); }\n"},
    [SHRINK] = {WHOLE, HEAD
                "uniform sampler2D sky; out vec4 o;\n"
                "void main() { ivec2 from = ivec2(gl_FragCoord.xy) * 4; vec3 sum = vec3(0);\n"
                "  ivec2 last = textureSize(sky, 0) - 1;\n"
                "  for (int y = 0; y < 4; y++) for (int x = 0; x < 4; x++) {\n"
                "    ivec2 at = from + ivec2(x, y); if (any(greaterThan(at, last))) continue;\n"
                "    vec3 c = texelFetch(sky, at, 0).rgb;\n"
                "    float most = max(c.r, max(c.g, c.b)), over = most - 0.5;\n"
                "    if (over > 0) sum += c * (min(over, 8) / most); }\n"
                "  o = vec4(sum / 16, 1); }\n"},
    /* three running means of five, one after the other, as one sum of thirteen */
    [BLUR] = {WHOLE,
              HEAD "uniform sampler2D cells; uniform int down; out vec4 o;\n"
                   "const float w[7] = float[](19, 18, 15, 10, 6, 3, 1);\n"
                   "void main() { ivec2 at = ivec2(gl_FragCoord.xy), n = textureSize(cells, 0);\n"
                   "  vec3 sum = vec3(0);\n"
                   "  for (int k = -6; k <= 6; k++) {\n"
                   "    ivec2 p = at + (down == 1 ? ivec2(0, k) : ivec2(k, 0));\n"
                   "    if (all(greaterThanEqual(p, ivec2(0))) && all(lessThan(p, n)))\n"
                   "      sum += texelFetch(cells, p, 0).rgb * w[abs(k)] / 125; }\n"
                   "  o = vec4(sum, 1); }\n"},
    [DEVELOP] =
        {WHOLE, HEAD HERE
         "uniform sampler2D sky, cells; uniform float glow, exposure, ink; uniform vec3 paper;\n"
         "out vec4 o;\n"
         "const float pattern[16] = float[](.03, .53, .16, .66, .78, .28, .91, .41,\n"
         "                                  .22, .72, .09, .59, .97, .47, .84, .34);\n"
         "void main() { vec3 s = texelFetch(sky, ivec2(gl_FragCoord.xy), 0).rgb;\n"
         "  if (glow > 0) s += glow * texture(cells, gl_FragCoord.xy / 4 / vec2(textureSize(cells, "
         "0))).rgb;\n"
         "  s *= exposure; s = s / (1 + s);\n"
         "  if (ink > 0) { float most = max(1e-6, max(s.r, max(s.g, s.b))), cover = min(1, 2.2 * "
         "most);\n"
         "    s = paper * (1 - cover) + s * (ink * cover / most); }\n"
         "  ivec2 at = ivec2(here()) & 3;\n"
         "  o = vec4(floor(sqrt(s) * 255 + pattern[at.y * 4 + at.x]) / 255, 1); }\n"},
    [OVERLAY] = {
        WHOLE,
        HEAD "uniform sampler2D painted; out vec4 o;\n"
             "void main() { ivec2 p = ivec2(gl_FragCoord.xy);\n"
             "  o = texelFetch(painted, ivec2(p.x, textureSize(painted, 0).y - 1 - p.y), 0); }\n"}};

static GLuint compile(gl *g, GLenum kind, const char *source)
{
    GLuint shader = g->CreateShader(kind);
    g->ShaderSource(shader, 1, &source, NULL);
    g->CompileShader(shader);
    return shader;
}

static bool link_program(gl *g, program k, char *why, int size)
{
    GLint good = 0;
    GLuint vertex = compile(g, GL_VERTEX_SHADER, sources[k][0]),
           fragment = compile(g, GL_FRAGMENT_SHADER, sources[k][1]);
    GLuint p = g->programs[k] = g->CreateProgram();
    g->AttachShader(p, vertex);
    g->AttachShader(p, fragment);
    g->LinkProgram(p);
    g->GetProgramiv(p, GL_LINK_STATUS, &good);
    if (!good) {
        char log[300] = "";
        g->GetShaderInfoLog(vertex, sizeof log, NULL, log);
        if (!*log)
            g->GetShaderInfoLog(fragment, sizeof log, NULL, log);
        if (!*log)
            g->GetProgramInfoLog(p, sizeof log, NULL, log);
        snprintf(why, (size_t)size, "a shader does not compile (%d): %s", (int)k, log);
    }
    g->DeleteShader(vertex);
    g->DeleteShader(fragment);
    return good != 0;
}

/* ---- opening ---- */

static bool find_functions(gl *g, gl_find *find, char *why, int size)
{
    void *address;
#define FIND(name, type)                                                                           \
    address = find("gl" #name);                                                                    \
    if (!address) {                                                                                \
        snprintf(why, (size_t)size, "this OpenGL has no gl" #name);                                \
        return false;                                                                              \
    }                                                                                              \
    memcpy(&g->name, &address, sizeof address);
    FUNCTIONS(FIND)
#undef FIND
    return true;
}

gl *gl_open(gl_find *find, char *why, int size)
{
    gl *g = calloc(1, sizeof *g);
    if (!g) {
        snprintf(why, (size_t)size, "out of memory");
        return NULL;
    }
    if (!find_functions(g, find, why, size)) {
        free(g);
        return NULL;
    }
    bool good = true;
    for (int k = 0; k < PROGRAMS && good; k++)
        good = link_program(g, (program)k, why, size);
    g->GenVertexArrays(1, &g->arrays);
    g->GenBuffers(1, &g->buffer);
    if (good)
        return g;
    gl_close(g);
    return NULL;
}

bool gl_is_emulated(gl_find *find)
{
    void *address = find("glGetString");
    PFNGLGETSTRINGPROC get;
    memcpy(&get, &address, sizeof get);
    const char *name = address ? (const char *)get(GL_RENDERER) : NULL;
    static const char *const emulators[] = {"llvmpipe", "softpipe", "SWR", "Software", "swrast"};
    for (size_t k = 0; name && k < sizeof emulators / sizeof *emulators; k++)
        if (strstr(name, emulators[k]))
            return true;
    return false;
}

static void free_pictures(gl *g)
{
    const GLuint textures[] = {g->sky, g->cells[0], g->cells[1], g->overlay},
                 targets[] = {g->to_sky, g->to_cells[0], g->to_cells[1]};
    g->DeleteTextures(4, textures);
    g->DeleteFramebuffers(3, targets);
    g->width = g->height = 0;
}

void gl_close(gl *g)
{
    if (!g)
        return;
    free_pictures(g);
    for (int k = 0; k < PROGRAMS; k++)
        if (g->programs[k])
            g->DeleteProgram(g->programs[k]);
    g->DeleteVertexArrays(1, &g->arrays);
    g->DeleteBuffers(1, &g->buffer);
    free(g);
}

static GLuint make_texture(gl *g, GLint inner, int width, int height)
{
    GLuint t;
    g->GenTextures(1, &t);
    g->BindTexture(GL_TEXTURE_2D, t);
    g->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    g->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    g->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    g->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    g->TexImage2D(GL_TEXTURE_2D, 0, inner, width, height, 0, GL_RGBA,
                  inner == GL_RGBA8 ? GL_UNSIGNED_BYTE : GL_FLOAT, NULL);
    return t;
}

static bool make_target(gl *g, GLuint texture, GLuint *target)
{
    g->GenFramebuffers(1, target);
    g->BindFramebuffer(GL_FRAMEBUFFER, *target);
    g->FramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
    return g->CheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
}

static int cells_of(int pixels)
{
    return pixels / 4 + 2;
}

static bool fit(gl *g, int width, int height)
{
    if (g->width == width && g->height == height)
        return true;
    free_pictures(g);
    g->sky = make_texture(g, GL_RGBA16F, width, height);
    g->overlay = make_texture(g, GL_RGBA8, width, height);
    bool good = make_target(g, g->sky, &g->to_sky);
    for (int k = 0; k < 2; k++) {
        g->cells[k] = make_texture(g, GL_RGBA16F, cells_of(width), cells_of(height));
        good = make_target(g, g->cells[k], &g->to_cells[k]) && good;
    }
    g->width = good ? width : 0;
    g->height = good ? height : 0;
    return good;
}

/* ---- drawing ---- */

static void use(gl *g, program k, float width, float height)
{
    g->UseProgram(g->programs[k]);
    g->Uniform2f(g->GetUniformLocation(g->programs[k], "size"), width, height);
}

static void give_texture(gl *g, program k, const char *name, int unit, GLuint texture)
{
    g->ActiveTexture(GL_TEXTURE0 + (GLenum)unit);
    g->BindTexture(GL_TEXTURE_2D, texture);
    g->Uniform1i(g->GetUniformLocation(g->programs[k], name), unit);
}

/* Attribute k of the items in the buffer: `count` floats from byte `at` of `stride`. */
static void attribute(gl *g, GLuint k, GLint count, size_t stride, size_t at, bool per_item)
{
    g->EnableVertexAttribArray(k);
    g->VertexAttribPointer(k, count, GL_FLOAT, GL_FALSE, (GLsizei)stride,
                           (const void *)(uintptr_t)at);
    g->VertexAttribDivisor(k, per_item);
}

static void upload(gl *g, const void *items, size_t bytes)
{
    g->BindBuffer(GL_ARRAY_BUFFER, g->buffer);
    g->BufferData(GL_ARRAY_BUFFER, (GLsizeiptr)bytes, items, GL_STREAM_DRAW);
    for (GLuint k = 0; k < 5; k++) /* those of other items reach beyond these */
        g->DisableVertexAttribArray(k);
}

static void draw_sky(gl *g, const draw_list *l, float w, float h)
{
    g->BindFramebuffer(GL_FRAMEBUFFER, g->to_sky);
    g->Viewport(0, 0, g->width, g->height);
    g->ClearColor(0, 0, 0, 0);
    g->Clear(GL_COLOR_BUFFER_BIT);
    g->Enable(GL_BLEND);
    g->Enable(GL_PROGRAM_POINT_SIZE);
    g->BlendFunc(GL_ONE, GL_ONE);
    if (l->n_points) {
        use(g, POINTS, w, h);
        upload(g, l->points, l->n_points * sizeof *l->points);
        attribute(g, 0, 2, sizeof(draw_point), offsetof(draw_point, x), false);
        attribute(g, 1, 3, sizeof(draw_point), offsetof(draw_point, light), false);
        g->DrawArrays(GL_POINTS, 0, (GLsizei)l->n_points);
    }
    if (l->n_lines) {
        use(g, LINES, w, h);
        upload(g, l->lines, l->n_lines * sizeof *l->lines);
        attribute(g, 0, 2, sizeof(draw_line), offsetof(draw_line, x), true);
        attribute(g, 1, 2, sizeof(draw_line), offsetof(draw_line, y), true);
        attribute(g, 2, 1, sizeof(draw_line), offsetof(draw_line, width), true);
        attribute(g, 3, 3, sizeof(draw_line), offsetof(draw_line, light[0]), true);
        attribute(g, 4, 3, sizeof(draw_line), offsetof(draw_line, light[1]), true);
        g->DrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, (GLsizei)l->n_lines);
    }
    if (l->n_discs) { /* x, y, radius, halo stand side by side */
        upload(g, l->discs, l->n_discs * sizeof *l->discs);
        attribute(g, 0, 4, sizeof(draw_disc), offsetof(draw_disc, x), true);
        attribute(g, 1, 3, sizeof(draw_disc), offsetof(draw_disc, light), true);
        attribute(g, 2, 3, sizeof(draw_disc), offsetof(draw_disc, sun), true);
        attribute(g, 3, 2, sizeof(draw_disc), offsetof(draw_disc, x_least), true);
        use(g, HALOS, w, h);
        g->DrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, (GLsizei)l->n_discs);
        use(g, DISCS, w, h);
        g->BlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
        g->DrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, (GLsizei)l->n_discs);
    }
    g->Disable(GL_BLEND);
}

static void draw_whole(gl *g)
{
    g->DrawArrays(GL_TRIANGLES, 0, 3);
}

static void spread_light(gl *g)
{
    float columns = (float)cells_of(g->width), rows = (float)cells_of(g->height);
    g->Viewport(0, 0, (GLsizei)columns, (GLsizei)rows);
    g->BindFramebuffer(GL_FRAMEBUFFER, g->to_cells[0]);
    use(g, SHRINK, columns, rows);
    give_texture(g, SHRINK, "sky", 0, g->sky);
    draw_whole(g);
    use(g, BLUR, columns, rows);
    for (int down = 0; down < 2; down++) {
        g->BindFramebuffer(GL_FRAMEBUFFER, g->to_cells[1 - down]);
        give_texture(g, BLUR, "cells", 0, g->cells[down]);
        g->Uniform1i(g->GetUniformLocation(g->programs[BLUR], "down"), down);
        draw_whole(g);
    }
}

static void develop(gl *g, const draw_theme *theme, float w, float h)
{
    GLuint p = g->programs[DEVELOP];
    g->BindFramebuffer(GL_FRAMEBUFFER, 0);
    g->Viewport(0, 0, g->width, g->height);
    use(g, DEVELOP, w, h);
    give_texture(g, DEVELOP, "sky", 0, g->sky);
    give_texture(g, DEVELOP, "cells", 1, g->cells[0]);
    g->Uniform1f(g->GetUniformLocation(p, "glow"), theme->glow);
    g->Uniform1f(g->GetUniformLocation(p, "exposure"), theme->exposure);
    g->Uniform1f(g->GetUniformLocation(p, "ink"), theme->light ? theme->ink : 0);
    g->Uniform3f(g->GetUniformLocation(p, "paper"), theme->paper.r, theme->paper.g, theme->paper.b);
    draw_whole(g);
}

static void draw_overlay(gl *g, const canvas *overlay, float w, float h)
{
    use(g, OVERLAY, w, h);
    give_texture(g, OVERLAY, "painted", 0, g->overlay);
    g->TexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, g->width, g->height, 0, GL_BGRA,
                  GL_UNSIGNED_INT_8_8_8_8_REV, overlay->pixels);
    g->Enable(GL_BLEND);
    g->BlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA); /* its colours are multiplied by alpha already */
    draw_whole(g);
    g->Disable(GL_BLEND);
}

bool gl_render(gl *g, const draw_list *l, const draw_theme *theme, const canvas *overlay)
{
    float w = (float)overlay->width, h = (float)overlay->height;
    g->BindVertexArray(g->arrays);
    if (!fit(g, overlay->width, overlay->height))
        return false;
    draw_sky(g, l, w, h);
    if (theme->glow > 0)
        spread_light(g);
    develop(g, theme, w, h);
    draw_overlay(g, overlay, w, h);
    return g->GetError() == GL_NO_ERROR;
}
