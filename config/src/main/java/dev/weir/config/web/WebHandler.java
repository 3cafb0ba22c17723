package dev.weir.config.web;

/** Answers requests to one path. Any thread, one request at a time. */
@FunctionalInterface
public interface WebHandler {
    /** @throws Exception and the connection is closed without a response */
    WebResponse handle(WebRequest request) throws Exception;
}
