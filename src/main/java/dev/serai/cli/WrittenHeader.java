package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.wire.RecordHeader;

/** A record's header as it is written on the command line: {@code NAME=VALUE}. Stateless. */
final class WrittenHeader {
    private WrittenHeader() {}

    /** @throws IllegalArgumentException if it is none; with a message for the user */
    static RecordHeader of(String written) {
        int equals = written.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("--header: expected NAME=VALUE, was " + Printable.line(written));
        }
        RecordHeader header = new RecordHeader(
                written.substring(0, equals), written.substring(equals + 1).getBytes(UTF_8));
        if (header.isOfService()) {
            throw new IllegalArgumentException("--header: headers that begin with serai- are the service's own, was "
                    + Printable.line(header.name()));
        }
        return header;
    }
}
