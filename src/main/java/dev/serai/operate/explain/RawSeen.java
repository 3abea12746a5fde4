package dev.serai.operate.explain;

import java.time.Instant;

/**
 * A raw record that names what is asked for, and of which no event is on the start topic.
 *
 * @param done whether its intake is done with it: it was ignored, or rejected
 */
public record RawSeen(Position at, Instant publishedAt, String intake, boolean done) {
    RawSeen asOf(GroupSeen group) {
        return new RawSeen(at, publishedAt, intake, group.isDoneWith(at));
    }
}
