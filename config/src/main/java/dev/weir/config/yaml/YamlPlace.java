package dev.weir.config.yaml;

/**
 * Where something stands in a configuration.
 *
 * @param line from 1; 0 if it is not known
 * @param path keys from the top, such as {@code query_rules[0].selector.qps}; empty at the top
 */
public record YamlPlace(String file, int line, String path) {
    /** The same line, for a key below. */
    YamlPlace at(int otherLine, String key) {
        return new YamlPlace(file, otherLine, path.isEmpty() ? key : path + "." + key);
    }

    YamlPlace element(int otherLine, int index) {
        return new YamlPlace(file, otherLine, path + "[" + index + "]");
    }

    /** {@code file:line}. */
    public String fileAndLine() {
        return line > 0 ? file + ":" + line : file;
    }
}
