package dev.serai.trial.guarantee;

import java.util.List;
import java.util.stream.Stream;

/** The checkers by their names. */
public final class Guarantees {
    /** Those that need no knowledge of the run's settings. */
    static final List<Guarantee> OF_ANY_RUN = List.of(
            new NothingLost(),
            new OneReplyPerEvent(),
            new OrderPerConversation(),
            new OneCallAtATime(),
            new SessionChain());

    private Guarantees() {}

    /**
     * All that need nothing but a run's history.
     *
     * @param inFlight how many events one process may work on at once, see {@link NoNeedlessCall}
     * @param oneRoomPerEvent see {@link NoSecondRoomUnsaid}
     * @param providerFails see {@link MistakesDeadLettered}
     */
    public static List<Guarantee> all(int inFlight, boolean oneRoomPerEvent, boolean providerFails) {
        return Stream.concat(
                        OF_ANY_RUN.stream(),
                        Stream.of(
                                new NoNeedlessCall(inFlight),
                                new NoSecondRoomUnsaid(oneRoomPerEvent),
                                new MistakesDeadLettered(providerFails)))
                .toList();
    }
}
