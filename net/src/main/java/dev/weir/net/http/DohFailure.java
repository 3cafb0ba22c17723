package dev.weir.net.http;

/**
 * A query over HTTP has no answer.
 *
 * @param id its message's
 * @param status what the server said; 0: nothing
 * @param untouched whether the server has not looked at it, so that another connection may bring an answer
 */
public record DohFailure(int id, int status, boolean untouched) {}
