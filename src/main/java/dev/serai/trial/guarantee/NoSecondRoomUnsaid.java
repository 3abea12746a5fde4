package dev.serai.trial.guarantee;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * No event has a second room of which nobody was told.
 *
 * <p>Legal: a second one that the reply owns up to by {@code possible_duplicate_session}. And the rooms that nobody could
 * tell of: those of a process that was killed before it could, or interrupted ({@link Interruption}), and one whose answer
 * was lost to a process that then gave the event's partition back. With one room per event there is no second one,
 * whatever happened.
 *
 * @param oneRoomPerEvent whether the service was told to have one room for each event
 */
public record NoSecondRoomUnsaid(boolean oneRoomPerEvent) implements Guarantee {

    @Override
    public String promise() {
        return oneRoomPerEvent
                ? "no event has a second room"
                : "no event has a second room, but for a kill or where its reply says so";
    }

    @Override
    public List<String> breaches(History history) {
        Map<String, SeenReply> replies = history.firstReplies();
        List<String> breaches = new ArrayList<>();
        sessionsByEvent(history).forEach((eventId, sessions) -> {
            SeenReply reply = replies.get(eventId);
            if (oneRoomPerEvent) {
                List<String> rooms = sessions.stream()
                        .map(SeenCall::room)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList();
                if (rooms.size() > 1) {
                    breaches.add(eventId + " has the rooms " + String.join(", ", rooms));
                }
            } else if (reply != null && !reply.possibleDuplicate() && isUnexplained(history, sessions)) {
                breaches.add(eventId + " was given " + sessions.size() + " sessions by "
                        + sessions.stream().map(SeenCall::process).collect(joining(", "))
                        + ", and its reply does not say so");
            }
        });
        return breaches;
    }

    /** How many sessions there were beyond one for each event, whoever may have been told of them. */
    public static int surplus(History history) {
        return sessionsByEvent(history).values().stream()
                .mapToInt(sessions -> sessions.size() - 1)
                .sum();
    }

    private static Map<String, List<SeenCall>> sessionsByEvent(History history) {
        return history.calls().stream()
                .filter(SeenCall::opened)
                .collect(groupingBy(SeenCall::eventId, LinkedHashMap::new, toList()));
    }

    private static boolean isUnexplained(History history, List<SeenCall> sessions) {
        for (int next = 1; next < sessions.size(); next++) {
            SeenCall before = sessions.get(next - 1);
            SeenCall after = sessions.get(next);
            boolean isLostByAnother = !before.answered() && !before.process().equals(after.process());
            if (!isLostByAnother
                    && !history.killedAt().containsKey(before.process())
                    && !history.isExplained(before, after)
                    && !history.isExplained(after, before)) {
                return true;
            }
        }
        return false;
    }
}
