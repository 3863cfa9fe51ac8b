#include "yaml.h"

#include <libfyaml.h>
#include <stdint.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/kinds.h"
#include "io/suggest.h"

enum { DEEPEST = 32, MOST_KEYS = 500, MOST_NODES = 1000000 };

/* ---- saying what is wrong ---- */

static void copy_line(const orr_yaml_source *source, int line, char *out, size_t size)
{
    const char *p = source->text, *end = p + source->size;
    for (int k = 1; k < line && p < end; k++) {
        p = memchr(p, '\n', (size_t)(end - p));
        if (!p)
            return;
        p++;
    }
    size_t n = 0;
    for (; p < end && *p != '\n' && n + 1 < size; p++)
        out[n++] = *p == '\t' || (unsigned char)*p < ' ' ? ' ' : *p;
    out[n] = 0;
}

static void report(const orr_yaml_doc *doc, const orr_yaml_source *source, int line, int column,
                   const char *format, va_list arguments)
{
    orr_diagnosis *why = doc->why;
    if (!source)
        source = &doc->source;
    *why = (orr_diagnosis){0};
    snprintf(why->file, sizeof why->file, "%s", source->file);
    vsnprintf(why->text, sizeof why->text, format, arguments);
    if (source->argument || line <= 0)
        return;
    why->line = line;
    why->column = column;
    copy_line(source, line, why->excerpt, sizeof why->excerpt);
}

orr_status orr_yaml_fail(const orr_yaml_doc *doc, const orr_yaml *node, orr_status code,
                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(doc, node ? node->source : NULL, node ? node->line : 0, node ? node->column : 0, format,
           arguments);
    va_end(arguments);
    return code;
}

orr_status orr_yaml_fail_key(const orr_yaml_doc *doc, const orr_yaml *node, orr_status code,
                             const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(doc, node->source, node->key ? node->key_line : node->line,
           node->key ? node->key_column : node->column, format, arguments);
    va_end(arguments);
    return code;
}

void orr_yaml_hint(const orr_yaml_doc *doc, const char *wrong, const char *const *names, size_t n)
{
    orr_suggest(wrong, names, n, doc->why->hint, sizeof doc->why->hint);
}

orr_status orr_yaml_no_unknown(const orr_yaml_doc *doc, const orr_yaml *map,
                               const char *const *names, size_t n)
{
    for (const orr_yaml *child = map->first; child; child = child->next)
        if (!child->used) {
            orr_yaml_fail_key(doc, child, ORR_E_FORMAT, "unknown key '%s'", child->key);
            orr_yaml_hint(doc, child->key, names, n);
            return ORR_E_FORMAT;
        }
    return ORR_OK;
}

orr_yaml *orr_yaml_find(const orr_yaml *map, const char *key)
{
    if (!map || map->kind != ORR_MAP)
        return NULL;
    for (orr_yaml *child = map->first; child; child = child->next)
        if (strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

orr_yaml *orr_yaml_get(orr_yaml *map, const char *key)
{
    orr_yaml *child = orr_yaml_find(map, key);
    if (child)
        child->used = true;
    return child;
}

/* ---- building the tree from libfyaml's events ---- */

typedef struct builder {
    const orr_yaml_doc *doc;
    const orr_yaml_source *source;
    orr_yaml *stack[DEEPEST], *last[DEEPEST];
    const char *key[DEEPEST];
    int key_line[DEEPEST], key_column[DEEPEST];
    int depth;
    size_t nodes;
    orr_yaml *root;
    bool done;
} builder;

/* *memory: there was enough; if so, NULL tells of a zero byte. */
static const char *text_of(builder *b, struct fy_token *token, bool *memory)
{
    size_t length = 0;
    const char *text = token ? fy_token_get_text(token, &length) : "";
    char *copy = orr_arena_alloc(b->doc->memory, length + 1);
    *memory = copy != NULL;
    if (copy && length)
        memcpy(copy, text, length);
    return copy && strlen(copy) == length ? copy : NULL;
}

static orr_status fail_at(builder *b, const struct fy_mark *mark, const char *text)
{
    orr_yaml place = {.line = mark ? mark->line + 1 : 0,
                      .column = mark ? mark->column + 1 : 0,
                      .source = b->source};
    return orr_yaml_fail(b->doc, &place, ORR_E_FORMAT, "%s", text);
}

/* Put a value where it belongs: into the list or map on top of the stack, or at the root. */
static orr_status place(builder *b, orr_yaml *node)
{
    if (b->depth == 0) {
        b->root = node;
        return ORR_OK;
    }
    int top = b->depth - 1;
    orr_yaml *parent = b->stack[top];
    if (parent->kind == ORR_MAP) {
        node->key = b->key[top];
        node->key_line = b->key_line[top];
        node->key_column = b->key_column[top];
        if (!node->line) /* nothing stands there: `step:` */
            node->line = node->key_line, node->column = node->key_column;
        b->key[top] = NULL;
        for (orr_yaml *other = parent->first; other; other = other->next)
            if (strcmp(other->key, node->key) == 0)
                return orr_yaml_fail_key(b->doc, node, ORR_E_FORMAT,
                                         "key '%s' is here twice; the first is on line %d",
                                         node->key, other->key_line);
        if (parent->n >= MOST_KEYS)
            return orr_yaml_fail_key(b->doc, node, ORR_E_FORMAT, "more than %d keys in one map",
                                     MOST_KEYS);
    }
    if (!node->line) /* an item of which nothing is there but its dash */
        node->line = parent->line, node->column = parent->column;
    if (b->last[top])
        b->last[top]->next = node;
    else
        parent->first = node;
    b->last[top] = node;
    parent->n++;
    return ORR_OK;
}

static orr_status begin(builder *b, orr_yaml *node)
{
    ORR_TRY(place(b, node));
    if (b->depth == DEEPEST)
        return orr_yaml_fail(b->doc, node, ORR_E_FORMAT, "nested more than %d levels deep",
                             DEEPEST);
    b->stack[b->depth] = node;
    b->last[b->depth] = NULL;
    b->key[b->depth] = NULL;
    b->depth++;
    return ORR_OK;
}

static orr_status on_event(builder *b, struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    bool wants_key =
        b->depth > 0 && b->stack[b->depth - 1]->kind == ORR_MAP && !b->key[b->depth - 1];
    switch (event->type) {
    case FYET_ALIAS: /* its mark stands behind the '*' */
        return fail_at(
            b, mark ? &(struct fy_mark){.line = mark->line, .column = mark->column - 1} : mark,
            "aliases ('*name') are not allowed in scenarios: repeat the value");
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        b->depth--;
        return ORR_OK;
    case FYET_DOCUMENT_START:
        return b->done
                   ? fail_at(b, mark, "a second document begins here; a scenario is one document")
                   : ORR_OK;
    case FYET_DOCUMENT_END:
        b->done = true;
        return ORR_OK;
    case FYET_SCALAR:
    case FYET_SEQUENCE_START:
    case FYET_MAPPING_START:
        break;
    default:
        return ORR_OK;
    }
    if (++b->nodes > MOST_NODES)
        return fail_at(b, mark, "too many values for a scenario; put bodies into a table");
    if (wants_key && event->type != FYET_SCALAR)
        return fail_at(b, mark, "a key must be a plain word");

    orr_yaml *node = orr_arena_alloc(b->doc->memory, sizeof *node);
    if (!node)
        return ORR_E_NO_MEMORY;
    node->source = b->source;
    node->line = mark ? mark->line + 1 : 0;
    node->column = mark ? mark->column + 1 : 0;
    if (event->type != FYET_SCALAR) {
        node->kind = event->type == FYET_MAPPING_START ? ORR_MAP : ORR_LIST;
        return begin(b, node);
    }
    bool memory;
    node->text = text_of(b, event->scalar.value, &memory);
    if (!node->text)
        return memory ? fail_at(b, mark, "a text with a zero byte") : ORR_E_NO_MEMORY;
    if (wants_key) {
        b->key[b->depth - 1] = node->text;
        b->key_line[b->depth - 1] = node->line;
        b->key_column[b->depth - 1] = node->column;
        return ORR_OK;
    }
    enum fy_scalar_style style =
        event->scalar.value ? fy_token_scalar_style(event->scalar.value) : FYSS_PLAIN;
    node->quoted = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
    return place(b, node);
}

/* libfyaml's first complaint, in our form. */
static orr_status syntax_error(builder *b, struct fy_diag *diag)
{
    void *at = NULL;
    struct fy_diag_error *error = fy_diag_errors_iterate(diag, &at);
    if (!error)
        return orr_yaml_fail(b->doc, &(orr_yaml){.source = b->source}, ORR_E_FORMAT,
                             "this is not YAML");
    orr_yaml place_ = {.source = b->source,
                       .line = error->line > 0 ? error->line : 0,
                       .column = error->column > 0 ? error->column : 0};
    return orr_yaml_fail(b->doc, &place_, ORR_E_FORMAT, "not YAML: %s",
                         error->msg ? error->msg : "syntax error");
}

static orr_status parse_into(const orr_yaml_doc *doc, const orr_yaml_source *source,
                             orr_yaml **root)
{
    struct fy_diag_cfg diag_config;
    fy_diag_cfg_default(&diag_config);
    diag_config.fp = NULL;
    diag_config.colorize = false;
    struct fy_diag *diag = fy_diag_create(&diag_config);
    if (!diag)
        return ORR_E_NO_MEMORY;
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG, .diag = diag};
    struct fy_parser *parser = fy_parser_create(&config);
    builder b = {.doc = doc, .source = source};
    orr_status status = parser ? ORR_OK : ORR_E_NO_MEMORY;
    if (parser && fy_parser_set_string(parser, source->text, source->size) != 0)
        status = ORR_E_NO_MEMORY;
    struct fy_event *event;
    while (status == ORR_OK && (event = fy_parser_parse(parser))) {
        status = on_event(&b, event);
        fy_parser_event_free(parser, event);
    }
    if (status == ORR_OK && (fy_parser_get_stream_error(parser) || b.depth != 0))
        status = syntax_error(&b, diag);
    *root = b.root;
    if (parser)
        fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    return status;
}

/* Bytes of the UTF-8 character at p, or 0 if it is none (RFC 3629: no overlong forms, surrogates,
 * or code points above 10FFFF). */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    size_t n = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0;
    if (n == 0 || n > left)
        return 0;
    uint32_t code = n == 1 ? p[0] : p[0] & (0x7fu >> n);
    for (size_t k = 1; k < n; k++) {
        if (p[k] >> 6 != 2)
            return 0;
        code = code << 6 | (p[k] & 0x3f);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = code >= 0xd800 && code < 0xe000;
    return code >= least[n] && code <= 0x10ffff && !surrogate ? n : 0;
}

/* What libfyaml 0.7 does not survive (found by fuzzing: endless loops and leaks on directives with
 * broken UTF-8) or what no scenario needs is refused before it gets there. */
static orr_status check_text(const orr_yaml_doc *doc, const orr_yaml_source *source)
{
    const unsigned char *text = (const unsigned char *)source->text;
    orr_yaml at = {.source = source, .line = 1, .column = 1};
    bool indenting = true; /* only blanks on this line so far */
    const char *what;
    orr_file_kind kind = orr_kind_of_bytes(source->text, source->size, &what);
    if (kind == ORR_FILE_OUTPUT || kind == ORR_FILE_CHECKPOINT || kind == ORR_FILE_FOREIGN)
        return orr_yaml_fail(doc, &(orr_yaml){.source = source}, ORR_E_FORMAT,
                             "this is %s, not a scenario", what);
    for (size_t k = 0; k < source->size;) {
        size_t n = utf8_length(text + k, source->size - k);
        if (n == 0 && k == 0 && source->size > 1 && (text[0] ^ text[1]) == 1 && text[0] >= 0xfe)
            return orr_yaml_fail(doc, &(orr_yaml){.source = source}, ORR_E_FORMAT,
                                 "this is text in UTF-16 (as some editors of Windows write it); "
                                 "save it as UTF-8");
        if (n == 0)
            return orr_yaml_fail(doc, &at, ORR_E_FORMAT,
                                 "this is not UTF-8 text (byte 0x%02x); is it a scenario?",
                                 text[k]);
        if (text[k] < ' ' && !strchr("\n\r\t", text[k] ? text[k] : 1))
            return orr_yaml_fail(doc, &at, ORR_E_FORMAT,
                                 "this is a binary file, not a scenario (byte 0x%02x)", text[k]);
        if (text[k] == '%' && at.column == 1)
            return orr_yaml_fail(doc, &at, ORR_E_FORMAT,
                                 "YAML directives (lines that begin with %%) are not allowed");
        if (text[k] == '\t' && indenting)
            return orr_yaml_fail(doc, &at, ORR_E_FORMAT,
                                 "a tab in the indentation; YAML allows only spaces there");
        bool newline = text[k] == '\n';
        indenting = newline || (indenting && text[k] == ' ');
        at.line += newline;
        at.column = newline ? 1 : at.column + 1;
        k += n;
    }
    return ORR_OK;
}

orr_status orr_yaml_parse_source(const orr_yaml_doc *doc, const orr_yaml_source *source,
                                 orr_yaml **root)
{
    const orr_yaml whole = {.source = source};
    ORR_TRY(check_text(doc, source));
    ORR_TRY(parse_into(doc, source, root));
    if (!*root || ((*root)->kind == ORR_SCALAR && !*(*root)->text))
        return orr_yaml_fail(
            doc, &whole, ORR_E_FORMAT,
            "the file is empty; `orrery new NAME` writes a scenario to start from");
    if ((*root)->kind != ORR_MAP)
        return orr_yaml_fail(doc, *root, ORR_E_FORMAT,
                             "a scenario is a map of keys such as 'units:' and 'bodies:'");
    return ORR_OK;
}

orr_status orr_yaml_parse(orr_yaml_doc *doc)
{
    return orr_yaml_parse_source(doc, &doc->source, &doc->root);
}

/* ---- --set ---- */

/* A list item by number or by the name that it gives itself. */
static bool is_item(const orr_yaml *item, size_t k, const char *name)
{
    char *end;
    unsigned long number = strtoul(name, &end, 10);
    if (*name && !*end)
        return k == number;
    for (const orr_yaml *c = item->kind == ORR_MAP ? item->first : NULL; c; c = c->next)
        if (strcmp(c->key, "name") == 0 && c->kind == ORR_SCALAR)
            return strcmp(c->text, name) == 0;
    return false;
}

/* Say that there is nothing of this name in parent, and what there is. */
static orr_status nothing_there(const orr_yaml_doc *doc, const orr_yaml *here,
                                const orr_yaml *parent, const char *parent_name, const char *name)
{
    const char *names[200];
    size_t n = 0;
    if (parent->kind == ORR_SCALAR)
        return orr_yaml_fail_key(doc, here, ORR_E_FORMAT,
                                 "'%.60s' is a single value: there is no '%.60s' in it",
                                 parent_name, name);
    for (const orr_yaml *item = parent->first; item; item = item->next)
        for (const orr_yaml *c = item->kind == ORR_MAP ? item->first : NULL; c; c = c->next)
            if (strcmp(c->key, "name") == 0 && c->kind == ORR_SCALAR && n < 200)
                names[n++] = c->text;
    orr_yaml_fail_key(doc, here, ORR_E_FORMAT,
                      "there is no '%.60s' in '%.60s', which has %zu item%s, numbered from 0", name,
                      parent_name, parent->n, parent->n == 1 ? "" : "s");
    if (n > 0)
        orr_yaml_hint(doc, name, names, n);
    return ORR_E_FORMAT;
}

/* The place of a name in a map or list; a new key of a map is at its end. */
static orr_status slot_of(const orr_yaml_doc *doc, const orr_yaml *here, orr_yaml *parent,
                          const char *parent_name, const char *name, orr_yaml ***out)
{
    size_t k = 0;
    orr_yaml **slot = &parent->first;
    for (; parent->kind != ORR_SCALAR && *slot; slot = &(*slot)->next, k++)
        if (parent->kind == ORR_MAP ? strcmp((*slot)->key, name) == 0 : is_item(*slot, k, name))
            break;
    *out = slot;
    return *slot || parent->kind == ORR_MAP ? ORR_OK
                                            : nothing_there(doc, here, parent, parent_name, name);
}

orr_status orr_yaml_check_path(const orr_yaml_doc *doc, const orr_yaml *at)
{
    char path[200], *rest = path;
    const char *name, *last = "the scenario";
    orr_yaml *parent = doc->root, **slot;
    snprintf(path, sizeof path, "%s", at->key);
    while ((name = strsep(&rest, "."))) {
        ORR_TRY(slot_of(doc, at, parent, last, name, &slot));
        if (!*slot)
            return ORR_OK; /* a new key; whether there is one of that name, its reader knows */
        parent = *slot;
        last = name;
    }
    return ORR_OK;
}

orr_status orr_yaml_set(orr_yaml_doc *doc, const char *assignment, const char *label)
{
    size_t size = strlen(assignment) + 1, label_size = strlen(label) + 1;
    char *kept_label = orr_arena_alloc(doc->memory, label_size);
    char *path = orr_arena_alloc(doc->memory, size);
    orr_yaml_source *source = orr_arena_alloc(doc->memory, sizeof *source);
    if (!kept_label || !path || !source)
        return ORR_E_NO_MEMORY;
    memcpy(kept_label, label, label_size);
    memcpy(path, assignment, size);
    *source = (orr_yaml_source){.file = kept_label, .argument = true};
    const orr_yaml here = {.source = source};
    char *equals = strchr(path, '=');
    if (!equals || equals == path)
        return orr_yaml_fail(doc, &here, ORR_E_FORMAT,
                             "write --set key.path=value, such as --set integrator.step='1 day'");
    *equals = 0;
    source->text = equals + 1;
    source->size = strlen(equals + 1);
    orr_yaml *value = NULL;
    ORR_TRY(check_text(doc, source));
    ORR_TRY(parse_into(doc, source, &value));
    if (!value)
        return orr_yaml_fail(doc, &here, ORR_E_FORMAT, "no value behind '='");

    orr_yaml *parent = doc->root;
    const char *last = "the scenario";
    for (char *name = path;;) {
        char *dot = strchr(name, '.');
        if (dot)
            *dot = 0;
        orr_yaml **slot;
        ORR_TRY(slot_of(doc, &here, parent, last, name, &slot));
        if (!dot || !*slot) {
            orr_yaml *node = value;
            if (dot) { /* a new key on the way: a map */
                node = orr_arena_alloc(doc->memory, sizeof *node);
                if (!node)
                    return ORR_E_NO_MEMORY;
                node->kind = ORR_MAP;
                node->source = source;
            }
            parent->n += !*slot;
            node->next = *slot ? (*slot)->next : NULL;
            node->key = parent->kind == ORR_MAP ? name : NULL;
            *slot = node;
            if (!dot)
                break;
        }
        parent = *slot;
        last = name;
        name = dot + 1;
    }
    return ORR_OK;
}
