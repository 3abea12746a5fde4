package dev.serai.cli;

import dev.serai.service.EventRules;
import dev.serai.settings.Durations;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.IgnoredFields;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.StartConversation;
import dev.serai.wire.event.Decoded;
import dev.serai.wire.event.StartEventDecoder;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Looks at an event as a service with these settings would, before it is sent. For one thread. */
final class SendCheck {
    private final SeraiSettings settings;
    private final Consumer<String> say;

    /** @param say is told what the service would make of the event */
    SendCheck(SeraiSettings settings, Consumer<String> say) {
        this.settings = settings;
        this.say = say;
    }

    /**
     * The event as it is to be sent; empty if the service would refuse it.
     *
     * @param limit how long its reply is waited for
     */
    Optional<OriginalRecord> checked(OriginalRecord event, Duration limit) {
        Decoded decoded = decode(event);
        return isAccepted(decoded) ? Optional.of(wantedWhileItWaits(limit, decoded, event)) : Optional.empty();
    }

    /** As a service with these settings would find it. Which tenants there are only the service knows. */
    private Decoded decode(OriginalRecord event) {
        Set<String> tenants = new HashSet<>(settings.tenants().keySet());
        tenants.add(StartConversation.DEFAULT_TENANT);
        String named = EventDraft.of(event).tenant();
        if (named != null) {
            tenants.add(named);
        }
        StartEventDecoder decoder = new StartEventDecoder(
                EventRules.of(settings, EventRules.deadlines(settings), tenants), EventRules.replyTopics(settings));
        return decoder.decode(event, event.timestamp());
    }

    /** Whether it would be taken; says why not. */
    private boolean isAccepted(Decoded decoded) {
        return switch (decoded) {
            case Decoded.Accepted accepted -> isAccepted(accepted.ignored());
            case Decoded.End ended -> isAccepted(ended.ignored());
            case Decoded.Refused refused -> {
                say.accept(Printable.line("not sent, for the service would refuse it: " + refused.reason()));
                yield false;
            }
        };
    }

    private boolean isAccepted(IgnoredFields ignored) {
        ignored.notes().forEach(note -> say.accept(Printable.line("has no effect: " + note)));
        return true;
    }

    /** By the command's own header the service sees that a client waits, and not for how long: only the event can say that. */
    private OriginalRecord wantedWhileItWaits(Duration limit, Decoded decoded, OriginalRecord event) {
        Duration usual = settings.reply().defaultTtl();
        if (!(decoded instanceof Decoded.Accepted accepted)
                || accepted.namesDeadline()
                || limit.compareTo(usual) <= 0) {
            return event;
        }
        String longer = "--wait is longer than serai.reply.default-ttl (" + Durations.format(usual) + ")";
        OriginalRecord wanted = EventDraft.wantedFor(limit, event);
        say.accept(
                wanted == null
                        ? longer + ", and the event names no deadline: the service gives it that time only"
                        : "ttl_ms is " + limit.toMillis() + ", as " + longer);
        return wanted == null ? event : wanted;
    }
}
