package dev.serai.source.kind;

import dev.serai.settings.EnrichSettings.Limits;
import dev.serai.settings.EnrichmentSource;
import dev.serai.source.EnrichmentLimits;
import dev.serai.source.FoundScene;
import dev.serai.source.InvalidTemplateException;
import dev.serai.source.SceneFields;
import dev.serai.source.SceneShape;
import dev.serai.source.Shape;
import dev.serai.source.TextShape;
import dev.serai.source.TextTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What answers of sources look like, as their settings say. Immutable. */
final class SourceShapes {
    private final EnrichmentLimits limits;

    SourceShapes(Limits limits) {
        this.limits = new EnrichmentLimits(
                limits.maxSceneElements(),
                limits.maxNameCharacters(),
                limits.maxDescriptionCharacters(),
                limits.maxSceneCharacters(),
                limits.maxTextCharacters());
    }

    Shape<FoundScene> scene(EnrichmentSource source) {
        EnrichmentSource.Shape shape = source.shape();
        return new SceneShape(
                limits, new SceneFields(shape.elementsField(), shape.nameField(), shape.descriptionField()));
    }

    /**
     * @param name the source's
     * @throws IllegalArgumentException if there is a template that cannot be used; with the reason
     */
    TextShape text(String name, EnrichmentSource source) {
        EnrichmentSource.Shape shape = source.shape();
        Path template = shape.template();
        return template == null
                ? TextShape.ofField(limits, shape.textField())
                : TextShape.ofTemplate(limits, template(name, template));
    }

    private static TextTemplate template(String name, Path file) {
        String setting = "serai.sources." + name + ".template: " + file;
        try {
            return TextTemplate.parse(Files.readString(file));
        } catch (InvalidTemplateException e) {
            throw new IllegalArgumentException(setting + " has mistakes:\n" + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    setting + " cannot be read as UTF-8: " + e.getClass().getSimpleName(), e);
        }
    }
}
