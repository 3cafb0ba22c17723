package dev.weir.engine.model;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;

/** All public fields of an object, for settings that are copied and compared as a whole. */
final class PublicFields {
    private PublicFields() {}

    /** Each with its value, in the order of the class. */
    static Map<String, Object> of(Object settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        try {
            for (Field field : settings.getClass().getFields()) {
                all.put(field.getName(), field.get(settings));
            }
        } catch (IllegalAccessException impossible) {
            throw new LinkageError(String.valueOf(impossible.getMessage()), impossible);
        }
        return all;
    }

    /** Has each of another object of the same class the same value. */
    static void copy(Object from, Object to) {
        try {
            for (Field field : from.getClass().getFields()) {
                field.set(to, field.get(from));
            }
        } catch (IllegalAccessException impossible) {
            throw new LinkageError(String.valueOf(impossible.getMessage()), impossible);
        }
    }
}
