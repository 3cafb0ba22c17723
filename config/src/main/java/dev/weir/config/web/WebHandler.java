package dev.weir.config.web;

import org.jspecify.annotations.Nullable;

/** Answers requests to one path. Any thread, one request at a time. */
@FunctionalInterface
public interface WebHandler {
    /**
     * The response; null to close the connection without one.
     *
     * @throws Exception is logged; stands for null in a configuration's handler, for 500 in one of the program's
     */
    @Nullable WebResponse handle(WebRequest request) throws Exception;
}
