package dev.serai.source;

import java.time.Duration;

/** Is told what an event waits for while it is enriched, on the event's thread. */
public interface LookUpWatch {
    /** For whom nobody looks. */
    LookUpWatch NOBODY = new LookUpWatch() {
        @Override
        public void asks(Source<?> source) {}

        @Override
        public void asksAgain(Source<?> source, SourceFailedException failure, Duration pause) {}
    };

    /** It waits for the answer of a source. */
    void asks(Source<?> source);

    /** The source has failed, and is asked again after the pause. */
    void asksAgain(Source<?> source, SourceFailedException failure, Duration pause);
}
