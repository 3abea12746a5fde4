package dev.serai.settings;

import dev.serai.settings.Key.Text;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One of several customers of the Connect API, with a key and bounds of its own.
 *
 * @param apiKey also if it is from {@code apiKeyFile}; null exactly if {@link SeraiSettings#usesStandIn()}
 * @param baseUrl without a slash at its end: append {@code /connect}
 */
public record TenantSettings(
        @Key
        @Text("The tenant's API key; an error in a file or on the command line. Each tenant needs this or the"
                + " file, unless there is no key at all and the stand-in answers.")
        @Nullable
        Secret apiKey,

        @Key @Text("A file that holds the tenant's API key; read again when it changes.") @Nullable
        HeldSecret apiKeyFile,

        @Key(as = "serai.connect.base-url") @Text("The Connect API of this tenant, without `/connect`.")
        URI baseUrl,

        @Key(as = "serai.connect.max-concurrent") @Text("This tenant's calls at once, of the whole fleet.")
        int maxConcurrent,

        @Key(as = "serai.connect.rate") @Text("This tenant's calls per second, of the whole fleet; 0: no bound.")
        double rate,

        @Key(as = "serai.connect.burst")
        @Text("This tenant's calls that may begin at once after a pause; only with a rate.")
        int burst,

        @Key(as = "serai.connect.max-sessions")
        @Text("This tenant's sessions that may be open at once, of the whole fleet. Tenants with one API key have"
                + " one plan: share its number out between them.")
        @Nullable
        Integer maxSessions,

        @Key(as = "serai.connect.live-reserve", below = "max-sessions")
        @Text("Slots of this tenant's plan that its batch events leave free for its live callers, of the whole"
                + " fleet.")
        int liveReserve,

        @Key(as = "serai.enrich.scene-source")
        @Text("Name of the source in which `scene_ref` of this tenant's events is looked up.")
        @Nullable
        String sceneSource,

        @Key(as = "serai.enrich.dynamic-info-source")
        @Text("Name of the source in which `context_ref` of this tenant's events is looked up.")
        @Nullable
        String dynamicInfoSource) {}
