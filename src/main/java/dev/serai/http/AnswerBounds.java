package dev.serai.http;

import org.apache.hc.core5.http.config.Http1Config;

/**
 * How much of an answer is read, whatever the other side sends. Lines and their number bound each part by itself, the
 * totals bound all parts together, and the time of a call is bounded by {@link BoundedCall}.
 *
 * @param bodyBytes the longest body; a longer one is handed on cut, see {@link BoundedCall}
 */
record AnswerBounds(int bodyBytes) {
    /** Of a status line, a header, a trailer, or the line before a chunk. Servers' own limits for heads are 8 to 16 KiB. */
    static final int LINE_BYTES = 16 << 10;

    /** Of one head, or of the trailers. */
    static final int HEADERS = 200;

    /** Of all heads of one answer together, interim ones (1xx) included. */
    static final int HEAD_BYTES = 64 << 10;

    /** Interim answers before the answer; {@code 100} and {@code 103} come once, {@code 102} every few seconds. */
    static final int INTERIM_ANSWERS = 20;

    /** Before the status line, as some servers leave some of the answer before. */
    private static final int EMPTY_LINES = 10;

    /** A chunk of a single byte takes six, and two more are for a longer length (RFC 9112, section 7.1). */
    private static final int CHUNKED_BYTES_PER_BYTE = 8;

    private static final Http1Config LINES = Http1Config.custom()
            .setMaxLineLength(LINE_BYTES)
            .setMaxHeaderCount(HEADERS)
            .setMaxEmptyLineCount(EMPTY_LINES)
            .build();

    Http1Config lines() {
        return LINES;
    }

    /** How many bytes a body may take on its way, with lines before chunks, and trailers. */
    long transferBytes() {
        return (long) bodyBytes * CHUNKED_BYTES_PER_BYTE + HEAD_BYTES;
    }
}
