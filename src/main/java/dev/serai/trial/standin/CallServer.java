package dev.serai.trial.standin;

import dev.serai.trial.standin.CallLog.OpenCall;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a call from its arrival to its end: records it, plays the fault that is scripted for it, waits, answers.
 *
 * <p>A call takes effect when it arrives; latency and delays hold back only the answer. So a caller that gives up does not
 * take its session back, as with the provider. Waiting is a timer, not a thread. Runs on the server's one event loop;
 * {@link #latency} can be set from any thread.
 */
final class CallServer {

    static final String API_KEY_HEADER = "X-API-Key";

    private static final Set<String> MASKED_HEADERS =
            Set.of("x-api-key", "api-auth-token", "convai-api-key", "authorization", "cookie");

    private final Vertx vertx;
    private final CallLog log;
    private final FaultBook faults;
    private volatile Latency latency = Latency.NONE;

    CallServer(Vertx vertx, CallLog log, FaultBook faults) {
        this.vertx = vertx;
        this.log = log;
        this.faults = faults;
    }

    /** How long every call of {@code /connect} takes from now on, whatever it is answered. */
    void latency(Latency value) {
        latency = value;
    }

    Latency latency() {
        return latency;
    }

    static String body(RoutingContext context) {
        String body = context.body().asString(StandardCharsets.UTF_8.name());
        return body == null ? "" : body;
    }

    /** Answers {@code answer}; no fault is played or used up. */
    void refuse(RoutingContext context, CallKind kind, @Nullable String characterId, Answer answer) {
        send(context, open(context, kind, characterId), latencyMillis(kind), answer);
    }

    /**
     * Answers what {@code effect} says, unless a fault is scripted for this call.
     *
     * @param effect what the call does, run at most once
     */
    void serve(RoutingContext context, CallKind kind, @Nullable String characterId, Supplier<Future<Answer>> effect) {
        OpenCall call = open(context, kind, characterId);
        long wait = latencyMillis(kind);
        Fault fault = faults.take(context.request().path(), characterId);
        if (fault != null) {
            call.playing(fault);
        }
        switch (fault) {
            case null -> answer(context, call, wait, effect.get());
            case Fault.Status status -> send(context, call, wait, Answer.of(status));
            case Fault.Html html -> send(context, call, wait, Answer.of(html));
            case Fault.ResetBefore reset -> after(wait, () -> reset(context, call));
            case Fault.ResetAfter reset ->
                effect.get()
                        .onSuccess(answer -> {
                            note(call, answer);
                            after(wait, () -> reset(context, call));
                        })
                        .onFailure(context::fail);
            case Fault.Hang hang -> {
                if (hang.duration() != null) {
                    after(hang.duration().toMillis(), () -> reset(context, call));
                }
            }
            case Fault.TruncatedJson truncated ->
                answer(context, call, wait, effect.get().map(Answer::truncated));
            case Fault.MissingFields missing ->
                answer(context, call, wait, effect.get().map(answer -> answer.without(missing.fields())));
            case Fault.Delay delay ->
                answer(context, call, wait + new Latency(delay.min(), delay.max()).pickMillis(), effect.get());
        }
    }

    private OpenCall open(RoutingContext context, CallKind kind, @Nullable String characterId) {
        HttpServerRequest request = context.request();
        OpenCall call =
                log.open(kind, request.method().name(), request.uri(), headers(request), body(context), characterId);
        context.addEndHandler(ended -> call.unanswered());
        return call;
    }

    private long latencyMillis(CallKind kind) {
        return kind == CallKind.CONNECT ? latency.pickMillis() : 0;
    }

    private void answer(RoutingContext context, OpenCall call, long wait, Future<Answer> answer) {
        answer.onSuccess(ready -> {
                    note(call, ready);
                    send(context, call, wait, ready);
                })
                .onFailure(context::fail);
    }

    private void send(RoutingContext context, OpenCall call, long wait, Answer answer) {
        after(wait, () -> write(context, call, answer));
    }

    private static void note(OpenCall call, Answer answer) {
        if (answer.sessionMade()) {
            call.sessionMade();
        }
    }

    private static void write(RoutingContext context, OpenCall call, Answer answer) {
        HttpServerResponse response = context.response();
        if (response.closed()) {
            call.unanswered();
            return;
        }
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        if (answer.contentType() != null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType());
        }
        call.answered(answer.status(), answer.body());
        response.end(answer.body());
    }

    private static void reset(RoutingContext context, OpenCall call) {
        call.unanswered();
        ConnectionReset.reset(context.request().connection());
    }

    private void after(long millis, Runnable action) {
        if (millis <= 0) {
            action.run();
        } else {
            vertx.setTimer(millis, timer -> action.run());
        }
    }

    private static Map<String, List<String>> headers(HttpServerRequest request) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Map.Entry<String, String> header : request.headers()) {
            String value =
                    MASKED_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT)) ? "***" : header.getValue();
            headers.computeIfAbsent(header.getKey(), name -> new ArrayList<>(1)).add(value);
        }
        return Collections.unmodifiableMap(headers);
    }
}
