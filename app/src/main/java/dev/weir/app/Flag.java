package dev.weir.app;

import org.jspecify.annotations.Nullable;

/** The flags of the command line: one row each, read by the parser and by the usage text. */
enum Flag {
    ACL('a', "acl", "NETMASK", "allow queries from this network only (repeatable)"),
    CONFIG('C', "config", "FILE", "read the configuration from FILE"),
    CLIENT('c', "client", null, "talk to the console of a running instance, at [ADDRESS[:PORT]] if given"),
    SETKEY('k', "setkey", "KEY", "console key for --client (shows in the process list)"),
    EXECUTE('e', "execute", "COMMAND", "run one console command on the running instance"),
    GID('g', "gid", "GROUP", "change to this group after binding"),
    UID('u', "uid", "USER", "change to this user after binding"),
    HELP('h', "help", null, "print this text"),
    LOCAL('l', "local", "ADDRESS[:PORT]", "listen here instead of on the configured addresses (repeatable)"),
    VERBOSE('v', "verbose", null, "log more"),
    VERSION('V', "version", null, "print version and features"),
    CHECK_CONFIG('\0', "check-config", null, "say whether the configuration can be used: exit status 0 or 1"),
    SUPERVISED('\0', "supervised", null, "no console on the terminal; tell the service manager when ready"),
    DISABLE_SYSLOG('\0', "disable-syslog", null, "log to standard output only"),
    LOG_TIMESTAMPS('\0', "log-timestamps", null, "start each log line with the time"),
    STRUCTURED_LOGGING('s', "structured-logging", "true|false", "log in fields (default) or in sentences"),
    STRUCTURED_LOGGING_BACKEND(
            '\0', "structured-logging-backend", "default|json|systemd-journal", "form of the fields");

    /** The letter after one dash, 0 for none. */
    final char letter;

    /** The word after two dashes. */
    final String word;

    /** What the value stands for in the usage text; null when the flag takes none. */
    final @Nullable String value;

    final String meaning;

    Flag(char letter, String word, @Nullable String value, String meaning) {
        this.letter = letter;
        this.word = word;
        this.value = value;
        this.meaning = meaning;
    }

    /** The flag of a letter, or null. */
    static @Nullable Flag of(char letter) {
        for (Flag flag : values()) {
            if (flag.letter == letter) {
                return flag;
            }
        }
        return null;
    }

    /**
     * The flag of a word or of its beginning, which getopt_long(3) takes as well if only one flag begins so.
     *
     * @throws UsageException if none does, or several do
     */
    static Flag of(String word) throws UsageException {
        Flag found = null;
        for (Flag flag : values()) {
            if (flag.word.equals(word)) {
                return flag;
            }
            if (flag.word.startsWith(word) && !word.isEmpty()) {
                if (found != null) {
                    throw new UsageException("--" + word + " may mean --" + found.word + " or --" + flag.word);
                }
                found = flag;
            }
        }
        if (found == null) {
            throw new UsageException("unknown option --" + word);
        }
        return found;
    }
}
