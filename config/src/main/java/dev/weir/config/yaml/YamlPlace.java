package dev.weir.config.yaml;

import org.jspecify.annotations.Nullable;

/**
 * Where something stands in a configuration. Its texts are made when somebody asks: most places are never told.
 *
 * @param line from 1; 0 if it is not known
 * @param above the place around; {@code null} at the top
 * @param key a key of the map above; empty for an element of a list
 * @param index of an element in the list above
 */
public record YamlPlace(String file, int line, @Nullable YamlPlace above, String key, int index) {
    /** The top of a file. */
    YamlPlace(String file, int line) {
        this(file, line, null, "", 0);
    }

    YamlPlace at(int otherLine, String otherKey) {
        return new YamlPlace(file, otherLine, this, otherKey, 0);
    }

    YamlPlace element(int otherLine, int otherIndex) {
        return new YamlPlace(file, otherLine, this, "", otherIndex);
    }

    /** Keys from the top, such as {@code query_rules[0].selector.qps}; empty at the top. */
    public String path() {
        if (above == null) {
            return "";
        }
        String before = above.path();
        return key.isEmpty() ? before + "[" + index + "]" : before.isEmpty() ? key : before + "." + key;
    }

    /** {@code file:line}. */
    public String fileAndLine() {
        return line > 0 ? file.concat(":").concat(Integer.toString(line)) : file;
    }
}
