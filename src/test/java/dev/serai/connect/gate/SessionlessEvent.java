package dev.serai.connect.gate;

import dev.serai.connect.CallTally;
import dev.serai.connect.OneRoom;
import dev.serai.connect.answer.CallOutcome;
import dev.serai.wire.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event that names no session, and the outcomes of its calls. */
class SessionlessEvent extends CallTally {
    private final Instant deadline;

    SessionlessEvent(Instant deadline) {
        this.deadline = deadline;
    }

    void returned(CallOutcome outcome, Spread reaches) {
        count(outcome, reaches);
    }

    @Override
    public boolean sessionSent() {
        return false;
    }

    @Override
    public boolean sessionNamedByEvent() {
        return false;
    }

    @Override
    public boolean optionsNameSession() {
        return false;
    }

    @Override
    public @Nullable Failure doubt() {
        return null;
    }

    @Override
    public @Nullable OneRoom room() {
        return null;
    }

    @Override
    public Instant deadline() {
        return deadline;
    }
}
