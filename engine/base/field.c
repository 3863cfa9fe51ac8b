#include <orrery/field.h>

#include <math.h>
#include <string.h>

const orr_field *orr_field_find(const orr_field *fields, const char *name)
{
    for (const orr_field *f = fields; f && f->name; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

static void store(const orr_field *f, void *self, double number, double upper)
{
    void *at = (char *)self + f->offset;
    switch (f->type) {
    case ORR_DOUBLE:
    case ORR_BODY:
        *(double *)at = number;
        break;
    case ORR_INT:
    case ORR_CHOICE:
        *(int *)at = (int)number;
        break;
    case ORR_BOOL:
        *(bool *)at = number != 0;
        break;
    case ORR_RANGE:
        ((double *)at)[0] = number;
        ((double *)at)[1] = upper;
        break;
    }
}

void orr_fields_defaults(const orr_field *fields, void *self)
{
    for (const orr_field *f = fields; f && f->name; f++)
        if (f->role & ORR_OPTION)
            store(f, self, f->fallback, f->fallback);
}

bool orr_field_choice(const orr_field *field, int k, char *buffer, size_t size)
{
    const char *p = field->choices;
    for (; p && k > 0; k--) {
        p = strchr(p, '|');
        p = p ? p + 1 : NULL;
    }
    if (!p || k < 0)
        return false;
    size_t length = strcspn(p, "|");
    if (length + 1 > size)
        return false;
    memcpy(buffer, p, length);
    buffer[length] = 0;
    return true;
}

static int choice_index(const orr_field *field, const char *text)
{
    char name[ORR_MOST_CHOICE_TEXT];
    for (int k = 0; orr_field_choice(field, k, name, sizeof name); k++)
        if (strcmp(name, text) == 0)
            return k;
    return -1;
}

orr_status orr_fields_set(const orr_field *fields, void *self, const orr_option *option)
{
    const orr_field *f = orr_field_find(fields, option->name);
    if (!f || !(f->role & ORR_OPTION))
        return ORR_E_UNKNOWN_NAME;
    double value = option->number;
    double upper = f->type == ORR_RANGE ? option->upper : value;
    if (f->type == ORR_CHOICE) {
        value = option->text ? choice_index(f, option->text) : -1;
        if (value < 0)
            return ORR_E_ARGUMENT;
    } else if (!isfinite(value) || !isfinite(upper) || upper < value) {
        return ORR_E_ARGUMENT;
    } else if (f->min < f->max && (value < f->min || upper > f->max)) {
        return ORR_E_ARGUMENT;
    } else if (f->type == ORR_INT && value != floor(value)) {
        return ORR_E_ARGUMENT;
    }
    store(f, self, value, upper);
    return ORR_OK;
}

double orr_field_get(const orr_field *field, const void *self)
{
    const void *at = (const char *)self + field->offset;
    switch (field->type) {
    case ORR_DOUBLE:
    case ORR_BODY:
    case ORR_RANGE:
        return *(const double *)at;
    case ORR_INT:
    case ORR_CHOICE:
        return *(const int *)at;
    case ORR_BOOL:
        return *(const bool *)at;
    }
    return 0;
}

orr_status orr_fields_get(const orr_field *fields, const void *self, const char *name,
                          orr_option *out, char text[ORR_MOST_CHOICE_TEXT])
{
    const orr_field *f = orr_field_find(fields, name);
    if (!f || !(f->role & ORR_OPTION))
        return ORR_E_UNKNOWN_NAME;
    *out = (orr_option){.name = f->name, .number = orr_field_get(f, self)};
    *text = 0;
    if (f->type == ORR_RANGE)
        out->upper = ((const double *)((const char *)self + f->offset))[1];
    if (f->type == ORR_CHOICE && orr_field_choice(f, (int)out->number, text, ORR_MOST_CHOICE_TEXT))
        out->text = text;
    return ORR_OK;
}
