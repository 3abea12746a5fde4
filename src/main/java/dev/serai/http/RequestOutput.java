package dev.serai.http;

import java.io.IOException;
import java.io.OutputStream;

/** What goes out on a connection, in pieces, with a look at what came in before each: also before the last of a request. */
final class RequestOutput extends OutputStream {
    /** What one write to a socket takes anyhow. */
    private static final int PIECE = 16 << 10;

    /** To be done before a piece is written; the piece is not written if it fails. */
    @FunctionalInterface
    interface Look {
        void look() throws IOException;
    }

    private final OutputStream out;
    private final Look before;

    RequestOutput(OutputStream out, Look before) {
        this.out = out;
        this.before = before;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int written = 0; written < length; written += PIECE) {
            before.look();
            out.write(bytes, offset + written, Math.min(PIECE, length - written));
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
