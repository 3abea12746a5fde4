package dev.serai.source;

import dev.serai.wire.Provenance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what sources tell. */
final class RecordedSources implements SourceListener {
    final List<String> lookUps = new CopyOnWriteArrayList<>();
    final List<String> served = new CopyOnWriteArrayList<>();

    @Override
    public void lookedUp(String source, Piece piece, String outcome, Duration took) {
        lookUps.add(source + " " + piece.label() + " " + outcome);
    }

    @Override
    public void served(String source, Piece piece, Provenance from) {
        served.add(source + " " + piece.label() + " " + from.status());
    }
}
