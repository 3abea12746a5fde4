package dev.serai.trial.guarantee;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The provider is called once for each event, and again only for a reason.
 *
 * <p>Legal: the repetitions that the reply owns up to in its {@code attempts} (it may own up to more calls than the
 * provider saw, as those whose connection was refused). The calls that the provider let fail, of a process that gave the
 * event's partition back while the event waited for another try. And the calls of a process that was killed before the event's
 * reply was committed: the event's next owner cannot know of them. Those are bounded by what one process works on at once;
 * a process that holds its finished events back would exceed that. The same holds for each interruption of a process
 * ({@link Interruption}) that was long enough for the group to give its partitions away.
 *
 * <p>Illegal: calls of two processes that both lived on, or of one that made more of them than its reply says: the outcome
 * of a finished call was thrown away, in a rebalance or after a transaction that failed.
 *
 * @param inFlight how many events one process may work on at once, those included that wait to be committed
 */
public record NoNeedlessCall(int inFlight) implements Guarantee {

    /**
     * How the calls of a run come about.
     *
     * @param calls by process
     * @param events that were called for
     * @param repeated calls beyond one for each event that replies own up to, and those that failed before the event went
     *     to another process
     * @param lost by process that was killed or interrupted, the events that it had called for and that had to be called
     *     for again
     * @param needless event ids, each with what is wrong
     */
    public record Count(
            Map<String, Long> calls,
            int events,
            int repeated,
            Map<String, Integer> lost,
            Map<String, String> needless) {
        @Override
        public String toString() {
            return "calls " + calls + " for " + events + " events: " + repeated + " repeated after a failure, "
                    + lost.values().stream().mapToInt(Integer::intValue).sum()
                    + " events called for again after a kill or an interruption "
                    + lost + ", needless calls for " + needless.size() + " events";
        }
    }

    @Override
    public String promise() {
        return "the provider is called again only for a reason";
    }

    @Override
    public List<String> breaches(History history) {
        Count count = count(history);
        List<String> breaches = new ArrayList<>(count.needless().values());
        count.lost().forEach((process, events) -> {
            long most = inFlight * occasions(history, process);
            if (events > most) {
                breaches.add(events + " events of " + process + " were called for again after its end or interruption,"
                        + " at most " + most + " can have been in flight");
            }
        });
        return breaches;
    }

    private static long occasions(History history, String process) {
        return Stream.concat(
                        history.kills().stream().map(Kill::process),
                        history.interruptions().stream()
                                .filter(Interruption::isNoticed)
                                .map(Interruption::process))
                .filter(process::equals)
                .count();
    }

    public static Count count(History history) {
        Map<String, SeenReply> replies = history.firstReplies();
        var killed = history.killedAt().keySet();
        int repeated = 0;
        Map<String, Integer> lost = new TreeMap<>();
        Map<String, String> needless = new LinkedHashMap<>();
        Map<String, List<SeenCall>> callsByEvent =
                history.calls().stream().collect(groupingBy(SeenCall::eventId, LinkedHashMap::new, toList()));
        for (var entry : callsByEvent.entrySet()) {
            String eventId = entry.getKey();
            Map<String, Integer> calls = callsByProcess(entry.getValue());
            Set<String> interrupted = interrupted(history, entry.getValue());
            Set<String> failedOnly = failedOnly(entry.getValue());
            String answering = answering(calls, interrupted);
            for (String process : calls.keySet()) {
                if (process.equals(answering)) {
                    continue;
                }
                if (killed.contains(process) || interrupted.contains(process)) {
                    lost.merge(process, 1, Integer::sum);
                } else if (failedOnly.contains(process)) {
                    repeated += calls.getOrDefault(process, 0);
                } else {
                    needless.putIfAbsent(
                            eventId,
                            eventId + " was called for by " + calls + ", and " + process
                                    + " was neither killed nor interrupted");
                }
            }
            SeenReply reply = replies.get(eventId);
            if (reply != null) {
                int made = calls.getOrDefault(answering, 0);
                repeated += Math.max(0, Math.min(reply.attempts(), made) - 1);
                if (made > reply.attempts()) {
                    if (wasItsOwnSuccessor(history, entry.getValue(), answering)) {
                        lost.merge(answering, 1, Integer::sum);
                    } else {
                        needless.putIfAbsent(
                                eventId,
                                eventId + " was called for by " + calls + ", its reply owns up to " + reply.attempts());
                    }
                }
            }
        }
        Map<String, Long> callsOfAll =
                history.calls().stream().collect(groupingBy(SeenCall::process, TreeMap::new, counting()));
        return new Count(callsOfAll, callsByEvent.size(), repeated, lost, needless);
    }

    /** The last to call; but one that was interrupted may have gone on to call for what was no longer its own. */
    private static String answering(Map<String, Integer> calls, Set<String> interrupted) {
        List<String> processes = List.copyOf(calls.keySet());
        return processes.reversed().stream()
                .filter(process -> !interrupted.contains(process))
                .findFirst()
                .orElse(processes.getLast());
    }

    /** The processes whose calls for one event another one had to repeat, or repeated, because they were interrupted. */
    private static Set<String> interrupted(History history, List<SeenCall> calls) {
        return calls.stream()
                .filter(call -> calls.stream()
                        .anyMatch(other -> !other.process().equals(call.process()) && history.isExplained(call, other)))
                .map(SeenCall::process)
                .collect(toSet());
    }

    /** Whether a process was given the event anew, having lost it in an interruption. */
    private static boolean wasItsOwnSuccessor(History history, List<SeenCall> calls, String process) {
        List<SeenCall> own =
                calls.stream().filter(call -> call.process().equals(process)).toList();
        return history.isExplained(own.getFirst(), own.getLast());
    }

    private static Set<String> failedOnly(List<SeenCall> calls) {
        Set<String> processes = calls.stream().map(SeenCall::process).collect(toSet());
        calls.stream().filter(call -> !call.failed()).map(SeenCall::process).forEach(processes::remove);
        return processes;
    }

    /** In the order of each process's last call. */
    private static Map<String, Integer> callsByProcess(List<SeenCall> calls) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (SeenCall call : calls) {
            Integer before = counts.remove(call.process());
            counts.put(call.process(), before == null ? 1 : before + 1);
        }
        return counts;
    }
}
