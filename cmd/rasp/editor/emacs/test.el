;;; test.el --- rasp-mode with a language server -*- lexical-binding: t -*-

;; emacs --batch -L . -l test.el, with rasp on the PATH.

(require 'ert)
(require 'rasp-mode)

(defun rasp-test-face (text)
  "The face of the last character of the first TEXT."
  (goto-char (point-min))
  (search-forward text)
  (get-text-property (1- (point)) 'face))

(ert-deftest rasp-colours-and-indentation ()
  (let ((rasp-mode-hook nil))
    (with-temp-buffer
      (insert "#rasp:length 4\ndef f(a) {\nb = \"\\\"; # x \"y\nreturn b;\n}\nz = 1;\n")
      (rasp-mode)
      (indent-region (point-min) (point-max))
      (should (equal (buffer-string) "#rasp:length 4\ndef f(a) {\n    b = \"\\\"; # x \"y\n    return b;\n}\nz = 1;\n"))
      (font-lock-ensure)
      (should (eq (rasp-test-face "length") 'font-lock-preprocessor-face))
      (should (eq (rasp-test-face "def") 'font-lock-keyword-face))
      (should (eq (rasp-test-face "def f") 'font-lock-function-name-face))
      (should (eq (rasp-test-face "\"\\\"") 'font-lock-string-face))
      (should (eq (rasp-test-face "\"\\\";") nil))
      (should (eq (rasp-test-face "x \"y") 'font-lock-comment-face)))))

(ert-deftest rasp-server ()
  (skip-unless (zerop (call-process "rasp" nil nil nil "lsp" "--help")))
  (let* ((folder (make-temp-file "rasp" t))
         (file (expand-file-name "t.rasp" folder))
         (eglot-sync-connect 60)
         (eglot-autoreconnect nil)
         (rasp-mode-hook (remove #'eglot-ensure rasp-mode-hook)))
    (with-temp-file file (insert "x = lenght+1;\n"))
    (find-file file)
    (apply #'eglot (eglot--guess-contact))
    (with-timeout (60 (error "No fault came"))
      (while (null (flymake-diagnostics))
        (flymake-start)
        (accept-process-output nil 0.1)))
    (should (string-match-p "undefined variable lenght" (flymake-diagnostic-text (car (flymake-diagnostics)))))
    (should (= (flymake-diagnostic-beg (car (flymake-diagnostics))) 5))
    (goto-char (point-min))
    (search-forward "lenght")
    (replace-match "length")
    (save-buffer)
    (should (equal (buffer-string) "x = length + 1;\n"))
    (eglot-shutdown (eglot-current-server))
    (delete-directory folder t)))

(ert-run-tests-batch-and-exit)
;;; test.el ends here
