package dev.weir.app;

/** Where all rooms meet: a configuration file becomes a {@link Service}. */
final class Wiring implements ServiceLoader {
    @Override
    public Service load(Options options, Purpose purpose, Exit exit) throws StartException {
        throw new StartException("Loading a configuration is not implemented yet", "path", options.configOrDefault());
    }
}
