import java.io.File;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

/** Judges each file named on the command line as PDF/A-1b with PDFBox Preflight: one line each, name, tab, verdict. */
public final class Juge {
    private Juge() {
    }

    public static void main(String[] names) {
        for (String name : names) {
            System.out.println(name + "\t" + verdict(new File(name)));
        }
    }

    private static String verdict(File file) {
        try {
            PreflightParser parser = new PreflightParser(file);
            parser.parse();
            try (PreflightDocument document = parser.getPreflightDocument()) {
                document.validate();
                return words(document.getResult());
            }
        } catch (SyntaxValidationException refused) {
            return words(refused.getResult());
        } catch (Exception broken) {
            return "illisible " + broken.getMessage();
        }
    }

    private static String words(ValidationResult result) {
        if (result.isValid()) {
            return "valide";
        }
        StringBuilder line = new StringBuilder("refus");
        for (ValidationResult.ValidationError error : result.getErrorsList()) {
            line.append(" | ").append(error.getErrorCode()).append(' ').append(error.getDetails());
        }
        return line.toString().replace('\n', ' ').replace('\r', ' ');
    }
}
