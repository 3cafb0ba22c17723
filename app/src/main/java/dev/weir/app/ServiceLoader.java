package dev.weir.app;

/** Makes a {@link Service} out of a configuration file: implemented where all rooms meet, in {@link Wiring}. */
@FunctionalInterface
interface ServiceLoader {
    /** Why a configuration is loaded: what {@code inConfigCheck()} and {@code inClientStartup()} tell it. */
    enum Purpose {
        RUN,
        CHECK,
        /** Only the console's address and key are wanted. */
        CLIENT
    }

    /** How a configuration, or a console line, ends this process. */
    interface Exit {
        /** Ends it in order, as SIGTERM does: {@code shutdown()}. Returns at once. */
        void shutdown();

        /** Ends it on the spot with this status: {@code os.exit(n)}. Does not return. */
        void now(int status);
    }

    /**
     * Loads the configuration.
     *
     * @throws StartException if it cannot be used
     */
    Service load(CommandLine options, Purpose purpose, Exit exit) throws StartException;
}
