import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import javax.activation.DataHandler;
import javax.activation.DataSource;
import javax.xml.namespace.QName;
import javax.xml.soap.AttachmentPart;
import javax.xml.soap.MessageFactory;
import javax.xml.soap.SOAPBodyElement;
import javax.xml.soap.SOAPConstants;
import javax.xml.soap.SOAPElement;
import javax.xml.soap.SOAPMessage;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Messages with one document, written and read with SAAJ: the other side of the exchange. */
final class Documents {
    static final String NS = "urn:opensegur:essai";
    static final String NS_XOP = "http://www.w3.org/2004/08/xop/include";
    static final String CONTENT_ID = "document-1@java.example";

    private Documents() {}

    /** A message whose document is an attachment, named by a xop:Include. */
    static SOAPMessage write(String name, byte[] document, String sha256) throws Exception {
        SOAPMessage message = MessageFactory.newInstance(SOAPConstants.SOAP_1_2_PROTOCOL).createMessage();
        SOAPBodyElement body = message.getSOAPBody().addBodyElement(new QName(NS, name, "e"));
        body.setAttribute("sha256", sha256);
        SOAPElement include = body.addChildElement(new QName(NS, "Document", "e"))
            .addChildElement(new QName(NS_XOP, "Include", "xop"));
        include.setAttribute("href", "cid:" + CONTENT_ID);
        AttachmentPart part = message.createAttachmentPart(new DataHandler(new Bytes(document)));
        part.setContentId("<" + CONTENT_ID + ">");
        message.addAttachmentPart(part);
        message.saveChanges();
        return message;
    }

    /** The document of a message, whether the stack left it attached or put it back inline. */
    static byte[] read(SOAPMessage message) throws Exception {
        NodeList found = message.getSOAPBody().getElementsByTagNameNS(NS, "Document");
        Element document = (Element) found.item(0);
        if (document.getElementsByTagNameNS(NS_XOP, "Include").getLength() == 0) {
            return Base64.getMimeDecoder().decode(document.getTextContent());
        }
        Iterator<?> parts = message.getAttachments();
        try (InputStream stream = ((AttachmentPart) parts.next()).getDataHandler().getInputStream()) {
            return stream.readAllBytes();
        }
    }

    static String sha256(byte[] data) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    }

    private static final class Bytes implements DataSource {
        private final byte[] data;

        Bytes(byte[] data) {
            this.data = data;
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(data);
        }

        @Override
        public OutputStream getOutputStream() {
            return new ByteArrayOutputStream();
        }

        @Override
        public String getContentType() {
            return "application/octet-stream";
        }

        @Override
        public String getName() {
            return "document";
        }
    }
}
