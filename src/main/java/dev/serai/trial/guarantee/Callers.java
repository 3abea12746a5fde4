package dev.serai.trial.guarantee;

import dev.serai.trial.standin.FaultScript;
import dev.serai.trial.standin.RecordedCall;
import dev.serai.trial.standin.StandIn;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Tells the processes apart that call one stand-in, by a port of its own for each. Thread-safe. */
public final class Callers {
    private final StandIn standIn;
    private final Map<String, String> processes = new ConcurrentHashMap<>();

    public Callers(StandIn standIn) {
        this.standIn = standIn;
    }

    /** Where a process is to call the stand-in, and no other process. */
    public URI admit(String process) {
        URI address = standIn.listenAlso();
        processes.put(address.getAuthority(), process);
        return address;
    }

    /** How many calls for a room that process has in progress. */
    public long inProgress(String process) {
        return of(process).filter(call -> call.endedAt() == null).count();
    }

    /** How often that process has called for a room. One that calls has partitions, and works. */
    public long begun(String process) {
        return of(process).count();
    }

    /**
     * Every call for a room so far, oldest first.
     *
     * @throws IllegalStateException if there were more than the stand-in keeps
     */
    public List<SeenCall> calls() {
        List<RecordedCall> calls = standIn.calls();
        if (!calls.isEmpty() && calls.getFirst().number() > 1) {
            throw new IllegalStateException("the stand-in has dropped calls up to number "
                    + (calls.getFirst().number() - 1));
        }
        return toConnect().map(call -> SeenCall.of(call, process(call))).toList();
    }

    private Stream<RecordedCall> of(String process) {
        return toConnect().filter(call -> process(call).equals(process));
    }

    /** Without those that end sessions, which belong to no event. */
    private Stream<RecordedCall> toConnect() {
        return standIn.calls().stream().filter(call -> call.path().equals(FaultScript.CONNECT));
    }

    private String process(RecordedCall call) {
        return processes.getOrDefault(call.header("Host").orElse(""), "unknown");
    }
}
