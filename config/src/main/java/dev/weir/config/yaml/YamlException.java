package dev.weir.config.yaml;

/** What stops a configuration in YAML, with its place. */
public final class YamlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient YamlPlace place;

    public YamlException(YamlPlace place, String message) {
        super(message, null, false, false);
        this.place = place;
    }

    public YamlPlace place() {
        return place;
    }

    /** The message with the path in front. */
    public String text() {
        return place.path().isEmpty() ? String.valueOf(getMessage()) : place.path() + ": " + getMessage();
    }
}
